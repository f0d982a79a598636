import { mkdtempSync, rmSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Scope } from '@belfry/protocol/commands.ts'
import type { User } from '@belfry/protocol/rows.ts'
import { hashPassword } from '#accounts/passwords.ts'
import type { ShownKey } from '#accounts/keys.ts'
import { enter } from '#accounts/sign-in.ts'
import { writes } from '#commands.ts'
import type { Bus } from '#bus/bus.ts'
import { memoryBus } from '#bus/memory.ts'
import { call, type Calls } from '#call.ts'
import { createCallers } from '#http/callers.ts'
import { type HttpOptions, openHttp } from '#http/http.ts'
import { systemClock } from '#lib/clock.ts'
import { TokenBucket } from '#lib/token-bucket.ts'
import { Realtime } from '#realtime/realtime.ts'
import type { WriteTable } from '#store/batch.ts'
import { openStore, type Store } from '#store/store.ts'
import { databaseOf } from './database.ts'
import { pino } from 'pino'
import { FACTS } from './test-node.ts'

export const PASSWORD = 'correct horse battery'

export interface WorldOptions extends Partial<Pick<HttpOptions, 'webFolder' | 'state' | 'metrics'>> {
  bus?: Bus
  /** Left out: one of its own. */
  databaseUrl?: string
  baseUrl?: string
  trustedProxies?: string[]
  connectionsPerUserMax?: number
  handshakesPerSecond?: number
  writes?: WriteTable
  signIns?: { burst: number; perSecond: number }
  messages?: { burst: number; perSecond: number }
  others?: { burst: number; perSecond: number }
}

/** A real server on a free port, over a real database. */
export interface World extends AsyncDisposable {
  url: string
  store: Store
  realtime: Realtime
  /** What was logged, line by line. */
  logged: string[]
  /** An account that is signed in by a token. */
  person(username: string): Promise<Person>
  /** The same, who administers. */
  admin(username: string): Promise<Person>
  /** A program with a key that may do this. */
  program(...scopes: Scope[]): Promise<Program>
  /** Nobody, with these headers on every request. */
  stranger(headers?: Record<string, string>): Client
  /** What an operator does on the server's machine. */
  operate<T>(name: string, input: unknown): Promise<T>
  disables(person: Person): Promise<User>
  close(): Promise<void>
}

export interface Answer {
  status: number
  headers: Headers
  // What an answer holds is what tests look at; they say what they expect.
  // oxlint-disable-next-line typescript/no-explicit-any
  body: any
}

export interface Client {
  get(path: string, headers?: Record<string, string>): Promise<Answer>
  post(path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>
  patch(path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>
  delete(path: string, headers?: Record<string, string>): Promise<Answer>
  send(method: string, path: string, more: { body?: string; headers?: Record<string, string> }): Promise<Answer>
}

export type Person = Client & { user: User; token: string }
export type Program = Client & { key: ShownKey; secret: string }

const PLENTY = { burst: 10_000, perSecond: 10_000 }

export async function openWorld(options: WorldOptions = {}): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), 'belfry-http-'))
  const failures: string[] = []
  const bus = options.bus ?? memoryBus()
  const store = await openStore({
    folder,
    databaseUrl: options.databaseUrl ?? (await databaseOf(folder)),
    writes: options.writes ?? writes,
    clock: systemClock,
    onAnnouncements: (announcements) => bus.publish(announcements),
    onFailure: (failure) => void failures.push(failure),
  })
  const logged: string[] = []
  const rates = {
    messages: new TokenBucket(options.messages ?? PLENTY, systemClock),
    others: new TokenBucket(options.others ?? PLENTY, systemClock),
    notifications: new TokenBucket(PLENTY, systemClock),
    signIns: new TokenBucket(options.signIns ?? PLENTY, systemClock),
  }
  const callers = createCallers({
    store,
    clock: systemClock,
    baseUrl: options.baseUrl ? new URL(options.baseUrl) : null,
    trustedProxies: options.trustedProxies ?? [],
  })
  const calls: Calls = { store, rates, clock: systemClock, facts: async () => ({ ...FACTS, connections: realtime.connections.size }) }
  const realtime: Realtime = new Realtime({
    store,
    bus,
    clock: systemClock,
    connectionsPerUserMax: options.connectionsPerUserMax ?? 20,
    handshakesPerSecond: options.handshakesPerSecond ?? 1e9,
    isOurOrigin: (request) => callers.isOurOrigin(request),
    addressOf: (request) => callers.addressOf(request),
    whoIs: (request, token) => callers.whoIs(request, token),
    call: (request) => call(calls, request),
    onReplaced: (by) => void failures.push(`the database is ${by}`),
    onFailure: (failure) => void failures.push(String(failure)),
  })
  const app = await openHttp({
    ...calls,
    callers,
    streams: realtime,
    bus,
    webFolder: options.webFolder ?? null,
    log: pino({ level: 'trace' }, { write: (line: string) => void logged.push(line) }),
    state: options.state ?? (() => 'ok'),
    metrics: options.metrics ?? { contentType: 'text/plain; version=0.0.4', metrics: async () => 'belfry_connections 3\n' },
  })
  realtime.accept(app.server)
  await app.listen({ host: '127.0.0.1', port: 0 })
  const url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`
  const passwordHash = await hashPassword(PASSWORD)
  const operate = <T>(name: string, input: unknown) => store.write<T>({ name, input, actor: { is: 'operator' } })
  const person = async (account: { username: string; role?: 'admin' }): Promise<Person> => {
    const user = await operate<User>('user.create', { ...account, passwordHash })
    const { token } = await enter(store, { userId: user.id, passwordHash, device: 'a test' })
    return { ...client(url, { authorization: `Bearer ${token}` }), user, token }
  }

  return {
    url,
    store,
    realtime,
    logged,
    operate,
    stranger: (headers) => client(url, headers),
    person: (username) => person({ username }),
    admin: (username) => person({ username, role: 'admin' }),
    async program(...scopes) {
      const { key: secret, ...key } = await operate<ShownKey & { key: string }>('key.create', { name: 'ci', scopes })
      return { ...client(url, { authorization: `Bearer ${secret}` }), key, secret }
    },
    disables: ({ user }) => operate<User>('user.update', { id: user.id, isDisabled: true }),
    close: () => app.close(),
    async [Symbol.asyncDispose]() {
      realtime.announceStop(0)
      await realtime.closeAll()
      realtime[Symbol.dispose]()
      await app.close()
      await store[Symbol.asyncDispose]()
      rmSync(folder, { recursive: true })
      if (failures.length > 0) throw new Error(failures.join('\n'))
    },
  }
}

function client(url: string, always: Record<string, string> = {}): Client {
  const send: Client['send'] = async (method, path, { body, headers }) => {
    const address = path.startsWith('//') ? url + path.slice(1) : `${url}/api/v1${path}`
    const response = await fetch(address, {
      method,
      headers: { ...always, ...headers },
      redirect: 'manual',
      ...(body !== undefined && { body }),
    })
    const text = await response.text()
    const isJson = /json/.test(response.headers.get('content-type') ?? '')
    return { status: response.status, headers: response.headers, body: isJson && text ? JSON.parse(text) : text }
  }
  const sendJson = (method: string) => (path: string, body?: unknown, headers?: Record<string, string>) =>
    send(
      method,
      path,
      body === undefined
        ? { headers: headers ?? {} }
        : { body: JSON.stringify(body), headers: { 'content-type': 'application/json', ...headers } },
    )
  return {
    send,
    get: (path, headers = {}) => send('GET', path, { headers }),
    post: sendJson('POST'),
    patch: sendJson('PATCH'),
    delete: (path, headers = {}) => send('DELETE', path, { headers }),
  }
}
