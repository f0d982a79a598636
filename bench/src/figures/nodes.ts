import { comeBack } from '#load/come-back.ts'
import type { Shape } from '#load/job.ts'
import { generate, type Workshop } from '#measure.ts'
import { makePeople, startNode } from '#programs/belfry-server.ts'
import { findPostgres, findRedis } from '#programs/find-program.ts'
import { type LocalProgram, makePlace } from '#programs/local-program.ts'
import { startPostgres } from '#programs/postgres.ts'
import { startRedis } from '#programs/redis.ts'
import { percentile, spread } from '#statistics.ts'
import type { Figure } from './figure.ts'

const PEOPLE = 2_000
const FOLLOWERS = 1_000
const SENDERS = 8
/** Odd: people alternate between the nodes and between the rooms, and each room is to have followers at both. */
const ROOMS = 99
const SINGLE: Shape = { is: 'latency', warmUpMessages: 20, messages: 200 }
const SATURATED: Shape = { is: 'broadcast', inFlight: 256, warmUpMs: 500, measureMs: 3_000 }
/** So many are signed out everywhere in a run. */
const SIGNED_OUT = 20

const BACK_MAX_MS = 3_000
const SIGNED_OUT_MAX_MS = 1_000
const TWO_TO_ONE_MAX = 1.15

/** Two nodes over PostgreSQL and Redis. */
interface Pair extends AsyncDisposable {
  nodes: [LocalProgram, LocalProgram]
  tokens: string[]
  rooms: string[]
}

/** What each run has shown. */
interface Measured {
  /** Milliseconds. */
  back: number[]
  signedOut: number[]
  single: Cost[]
  saturated: Cost[]
  saturatedRooms: Cost[]
}

/** The processor time of all nodes together for one delivery, microseconds. */
interface Cost {
  one: number
  two: number
}

/** What several nodes cost, and how soon they do what concerns them all. Nothing, where there is no PostgreSQL or no Redis. */
export async function nodes(runs: number, { root, progress }: Workshop): Promise<Figure[]> {
  if (findPostgres() === null || findRedis() === null) return []
  progress('Two nodes: starting them')
  await using pair = await startPair(root, { people: PEOPLE + runs * SIGNED_OUT })
  await using inRooms = await startPair(root, { people: FOLLOWERS + ROOMS, rooms: ROOMS })
  const measured: Measured = { back: [], single: [], saturated: [], saturatedRooms: [], signedOut: [] }
  for (let run = 0; run < runs; run++) {
    progress(`Two nodes: run ${run + 1} of ${runs}`)
    measured.single.push(await costOf(pair, SINGLE))
    measured.saturated.push(await costOf(pair, SATURATED))
    measured.saturatedRooms.push(await costOf(inRooms, SATURATED))
    measured.back.push(percentile(await comeBack(pair.nodes[0].port, pair.tokens.slice(0, PEOPLE)), 0.95))
    measured.signedOut.push(percentile(await signOut(pair, pair.tokens.splice(PEOPLE, SIGNED_OUT)), 0.95))
  }
  return nodeFigures(measured)
}

export function nodeFigures(measured: Measured): Figure[] {
  const part = 'nodes'
  return [
    { what: '2,000 people come back to one node at once, p95', unit: 'ms', spread: spread(measured.back), atMost: BACK_MAX_MS, part },
    {
      what: 'Signed out at one node, closed at the other, p95',
      unit: 'ms',
      spread: spread(measured.signedOut),
      atMost: SIGNED_OUT_MAX_MS,
      part,
    },
    ...costs('messages one by one', measured.single),
    ...costs('256 messages in flight', measured.saturated),
    ...costs(`256 messages in flight in ${ROOMS} rooms`, measured.saturatedRooms),
  ]
}

function costs(shape: string, measured: Cost[]): Figure[] {
  const part = 'nodes'
  const what = `Processor time for a delivery, ${shape}`
  return [
    { what: `${what}: one node`, unit: 'µs', spread: spread(measured.map(({ one }) => one)), atMost: null, part },
    { what: '… two nodes ÷ one', unit: '×', spread: spread(measured.map(({ one, two }) => two / one)), atMost: TWO_TO_ONE_MAX, part },
  ]
}

async function startPair(root: string, people: { people: number; rooms?: number }): Promise<Pair> {
  await using started = new AsyncDisposableStack()
  const postgres = started.use(await startPostgres())
  const redis = started.use(await startRedis())
  const { tokens, rooms } = await makePeople(root, { ...people, databaseUrl: postgres.url })
  const settings = { DATABASE_URL: postgres.url, REDIS_URL: redis.url, WEB: 'off' }
  const one = started.use(await startNode(await makePlace('node-1'), settings))
  const other = started.use(await startNode(await makePlace('node-2'), settings))
  const kept = started.move()
  return { nodes: [one, other], tokens, rooms, [Symbol.asyncDispose]: () => kept.disposeAsync() }
}

async function costOf(pair: Pair, shape: Shape): Promise<Cost> {
  const one = await microsOver(pair.nodes.slice(0, 1), pair, shape)
  return { one, two: await microsOver(pair.nodes, pair, shape) }
}

/** The processor time of these nodes together for one delivery, microseconds. */
async function microsOver(some: LocalProgram[], { tokens, rooms }: Pair, shape: Shape): Promise<number> {
  const ports = some.map(({ port }) => port)
  const serverPids = some.map(({ pid }) => pid)
  const senders = Math.max(SENDERS, rooms.length)
  const result = await generate({ dialect: 'belfry', ports, serverPids, tokens, rooms, followers: FOLLOWERS, senders, shape })
  return result.serverMicros
}

/** From asking one node until the stream at the other has ended, milliseconds, smallest first. */
async function signOut({ nodes: [one, other] }: Pair, tokens: string[]): Promise<number[]> {
  const took: number[] = []
  for (const token of tokens) {
    const headers = { authorization: `Bearer ${token}` }
    const ended = await follows(`${other.url}/api/v1/stream`, headers)
    const before = performance.now()
    const answer = await fetch(`${one.url}/api/v1/session`, { method: 'DELETE', headers })
    if (!answer.ok) throw new Error(`Signing out was answered ${answer.status}.`)
    await ended()
    took.push(performance.now() - before)
  }
  return took.toSorted((a, b) => a - b)
}

/** Resolves once the stream is live, with what waits for its end. */
async function follows(url: string, headers: Record<string, string>): Promise<() => Promise<void>> {
  const { body } = await fetch(url, { headers })
  const reader = body!.pipeThrough(new TextDecoderStream()).getReader()
  for (let told = ''; !told.includes('"t":"live"'); told += (await reader.read()).value ?? '');
  return async () => {
    while (!(await reader.read()).done);
  }
}
