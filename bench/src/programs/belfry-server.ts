import { execFile } from 'node:child_process'
import { cpSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { User } from '@belfry/protocol/rows.ts'
import { GENERAL_ROOM } from '@belfry/protocol/topics.ts'
import { uuidv7 } from '@belfry/protocol/uuid.ts'
import { writes } from '@belfry/server/commands.ts'
import { chunks } from '@belfry/server/lib/chunks.ts'
import { systemClock } from '@belfry/server/lib/clock.ts'
import { hashSecret, newSecret } from '@belfry/server/lib/secrets.ts'
import type { Actor } from '@belfry/server/store/batch.ts'
import { openStore, type Store } from '@belfry/server/store/store.ts'
import { LocalProgram, type Place } from './local-program.ts'
import { freePort, type Program, startProgram } from './program.ts'

const BELFRY = fileURLToPath(new URL('../../../cli/bin/belfry.js', import.meta.url))
const SERVE: [string, ...string[]] = [process.execPath, BELFRY, 'serve']

/** Limits that bound people, not the machine. */
const LIMITS_RAISED = {
  MESSAGES_BURST: '1000000000',
  MESSAGES_PER_SECOND: '1000000000',
  OTHERS_BURST: '1000000000',
  OTHERS_PER_SECOND: '1000000000',
  CONNECTIONS_PER_USER: '1000000',
}

const OPERATOR: Actor = { is: 'operator' }

/** No password has this hash: these people sign in by the sessions that are made for them here. */
const NO_PASSWORD = 'none'

export type Settings = Record<string, string>

/** Starts `belfry serve` on a data folder. */
export async function startBelfry({ folder, web }: { folder: string; web: 'on' | 'off' }): Promise<Program> {
  const port = await freePort()
  return startProgram(SERVE, { port, env: settingsAt({ folder, port }, { WEB: web }) })
}

/** The same in a place of its own, with more settings. */
export async function startNode({ folder, port }: Place, more: Settings): Promise<LocalProgram> {
  return LocalProgram.start({
    folder,
    port,
    url: `http://127.0.0.1:${port}`,
    command: SERVE,
    env: settingsAt({ folder, port }, more),
    endBy: 'SIGTERM',
    cutBy: 'SIGKILL',
  })
}

function settingsAt({ folder, port }: Place, more: Settings): Settings {
  return { ...LIMITS_RAISED, HOST: '127.0.0.1', PORT: String(port), DATA_DIR: folder, LOG_LEVEL: 'warn', ...more }
}

/** Runs one command of `belfry`, tells it what it asks for, and answers what it says. */
export async function runBelfry(settings: Settings, args: string[], input = ''): Promise<string> {
  const env = { PATH: process.env.PATH, ...settings }
  const running = promisify(execFile)(process.execPath, [BELFRY, ...args], { env })
  running.child.stdin!.end(input)
  return (await running).stdout
}

/** Accounts wait for each other: PostgreSQL refuses whoever waits for too long. */
const AT_ONCE = 100

/** A data folder with signed-in people in it, made before any server runs there. */
export interface PeopledFolder {
  tokens: string[]
  /** General, or those over which the people are spread in turn. */
  rooms: string[]
  /** Every run begins on a copy of its own. */
  copyTo(folder: string): void
}

interface People {
  people: number
  /** One: General alone. */
  rooms?: number
  /** On PostgreSQL, and the folder holds nothing. */
  databaseUrl?: string
}

/** Signed in, members of General, and of one of the rooms where there are several. */
export async function makePeople(folder: string, { people, rooms = 1, databaseUrl }: People): Promise<PeopledFolder> {
  await using store = await openFolder(folder, databaseUrl)
  const names = Array.from({ length: people }, (_, at) => `person-${at}`)
  const entered: Entered[] = []
  for (const some of chunks(names, AT_ONCE)) entered.push(...(await Promise.all(some.map((name) => enter(store, name)))))
  const tokens = entered.map(({ token }) => token)
  return {
    tokens,
    rooms: rooms === 1 ? [GENERAL_ROOM] : await spread(store, entered, rooms),
    copyTo: (other) => cpSync(folder, other, { recursive: true }),
  }
}

/** The store in a folder in which no server runs. On PostgreSQL, where that is named. */
export function openFolder(folder: string, databaseUrl: string | null = null): Promise<Store> {
  const onFailure = (failure: unknown) => console.error(failure)
  return openStore({ folder, databaseUrl, writes, clock: systemClock, onAnnouncements() {}, onFailure })
}

export interface Entered {
  id: string
  token: string
  sessionId: string
}

export function actorOf({ id, sessionId }: Entered): Actor {
  return { is: 'person', userId: id, sessionId }
}

/** Somebody with an account, signed in. */
export async function enter(store: Store, username: string): Promise<Entered> {
  const { id } = await signUp(store, { username })
  return { id, ...(await signIn(store, id)) }
}

/** Rooms over which these people are spread in turn; the first of each owns it. */
async function spread(store: Store, people: Entered[], count: number): Promise<string[]> {
  const rooms = people.slice(0, count).map((owner, at) => ({ id: uuidv7(), name: `Room ${at}`, owner }))
  const write = (name: 'room.create' | 'member.add', owner: Entered, input: object) => store.write({ name, input, actor: actorOf(owner) })
  for (const some of chunks(rooms, AT_ONCE))
    await Promise.all(some.map(({ id, name, owner }) => write('room.create', owner, { id, name, kind: 'open' })))
  const members = people.slice(count).map(({ id }, at) => ({ id, room: rooms[at % count]! }))
  for (const some of chunks(members, AT_ONCE))
    await Promise.all(some.map(({ id, room }) => write('member.add', room.owner, { roomId: room.id, id })))
  return rooms.map(({ id }) => id)
}

/** An account whose person signs in by {@link signIn} alone. */
export function signUp(store: Store, account: { username: string; role?: User['role'] }): Promise<User> {
  return store.write<User>({ name: 'user.create', input: { ...account, passwordHash: NO_PASSWORD }, actor: OPERATOR })
}

/** Another device of theirs. */
export async function signIn(store: Store, userId: string): Promise<{ token: string; sessionId: string }> {
  const token = newSecret()
  const session = { userId, tokenHash: hashSecret(token), passwordHash: NO_PASSWORD, device: 'bench' }
  const { sessionId } = await store.write<{ sessionId: string }>({ name: 'session.start', input: session, actor: OPERATOR })
  return { token, sessionId }
}
