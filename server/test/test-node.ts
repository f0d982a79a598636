import { EventEmitter } from 'node:events'
import type { Server } from 'node:http'
import type { Duplex, Writable } from 'node:stream'
import type { Position } from '@belfry/protocol/up.ts'
import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify'
import { pino } from 'pino'
import { findsSessions } from '#accounts/authenticate.ts'
import type { SignedIn } from '#accounts/sessions.ts'
import type { Bus } from '#bus/bus.ts'
import type { Call, Caller } from '#admit.ts'
import { call, type Calls } from '#call.ts'
import { createCallers } from '#http/callers.ts'
import { openHttp } from '#http/http.ts'
import type { Clock } from '#lib/clock.ts'
import { Refusal } from '#lib/refusal.ts'
import { TokenBucket } from '#lib/token-bucket.ts'
import { Realtime } from '#realtime/realtime.ts'
import type { Actor } from '#store/batch.ts'
import type { NodeFacts } from '#store/read.ts'
import type { Store } from '#store/store.ts'

/** What this node says of itself. */
export const FACTS: NodeFacts = {
  version: '0.0.0',
  node: '24.0.0',
  startedAt: 0,
  database: { kind: 'sqlite', version: '3.0.0', bytes: 4096 },
  connections: 1,
}

/** What a node stands on. */
export interface NodeWorld {
  store: Store
  clock: Clock
  failures: unknown[]
}

interface NodeOptions {
  bus: Bus
  connectionsPerUserMax: number
  handshakesPerSecond?: number
  /** A call is told to come again, and stores nothing. */
  isBusy?: () => boolean
  /** What was read or done takes its time to arrive. */
  late?: () => Promise<void>
}

/** The live half of a server, over sockets in memory. */
export class TestNode implements Disposable {
  readonly realtime: Realtime
  readonly server = new EventEmitter()
  readonly #options: NodeOptions
  readonly #calls: Calls
  readonly #findSession: (token: string) => Promise<SignedIn | null>
  readonly #sockets = new Set<Writable>()
  #http: Promise<FastifyInstance> | null = null

  constructor(world: NodeWorld, options: NodeOptions) {
    const { clock } = world
    const { bus, connectionsPerUserMax, handshakesPerSecond = 1e9, late } = options
    this.#findSession = findsSessions(world)
    this.#options = options
    const plenty = () => new TokenBucket({ burst: 1e9, perSecond: 1e9 }, clock)
    const rates = { messages: plenty(), notifications: plenty(), signIns: plenty(), others: plenty() }
    this.#calls = { store: world.store, rates, clock, facts: async () => FACTS }
    this.realtime = new Realtime({
      store: late ? lateStore(world.store, late) : world.store,
      clock,
      bus,
      connectionsPerUserMax,
      handshakesPerSecond,
      isOurOrigin: ({ headers }) => headers.origin === undefined || headers.origin === 'http://localhost',
      addressOf: ({ headers }) => String(headers['x-forwarded-for'] ?? 'here'),
      whoIs: (_request, token) => whoIs(this.#findSession, token),
      call: (request) => this.#call(request),
      onReplaced: (by) => world.failures.push(`the database is ${by}`),
      onFailure: (failure) => world.failures.push(failure),
    })
    this.realtime.accept(this.server as Server)
    this.server.on('upgrade', (_request, socket: Duplex) => this.#keep(socket))
  }

  /** What the HTTP door does for a stream. False: nobody is signed in by this token. */
  async streams(out: Writable, token: string, positions: readonly Position[]): Promise<boolean> {
    const who = await whoIs(this.#findSession, token)
    if (!who || out.destroyed) return false
    this.#keep(out)
    this.realtime.stream(out, who.signedIn, positions)
    return true
  }

  /** The HTTP door's answer to a command. */
  async answers(request: InjectOptions): Promise<LightMyRequestResponse | 'busy'> {
    if (this.#options.isBusy?.()) return 'busy'
    const answer = await (await (this.#http ??= this.#openHttp())).inject(request)
    await this.#options.late?.()
    return answer
  }

  /** Every method and address that the HTTP door takes, but for HEAD. */
  async routes(): Promise<string[]> {
    const http = await (this.#http ??= this.#openHttp())
    return routesIn(http.printRoutes({ commonPrefix: false }))
  }

  /** As `kill -9` would have it: nobody is told, greeted or not. */
  [Symbol.dispose](): void {
    for (const socket of [...this.#sockets]) socket.destroy()
    this.realtime[Symbol.dispose]()
  }

  #keep(socket: Writable): void {
    this.#sockets.add(socket)
    socket.once('close', () => this.#sockets.delete(socket))
  }

  async #call(request: Call): Promise<unknown> {
    if (this.#options.isBusy?.()) throw new Refusal('busy', 'Come again.', { retryAfterMs: 300 })
    const result = await call(this.#calls, request)
    await this.#options.late?.()
    return result
  }

  #openHttp(): Promise<FastifyInstance> {
    const { store, clock } = this.#calls
    return openHttp({
      ...this.#calls,
      callers: createCallers({ store, clock, baseUrl: null, trustedProxies: [] }),
      streams: this.realtime,
      bus: this.#options.bus,
      webFolder: null,
      log: pino({ level: 'silent' }),
      state: () => 'ok',
      metrics: { contentType: 'text/plain', metrics: async () => '' },
    })
  }
}

/** Of a tree, in which each line is indented by four characters a level, and goes on from the line above that is one level less. */
function routesIn(tree: string): string[] {
  const above: string[] = []
  return [...tree.matchAll(/^((?:[^/\n]{4})*?)(\S+) \((.+)\)$/gm)].flatMap(([, indent, part, methods]) => {
    const level = indent!.length / 4
    above[level] = (above[level - 1] ?? '') + part!
    return methods!
      .split(', ')
      .filter((method) => method !== 'HEAD')
      .map((method) => `${method} ${above[level]}`)
  })
}

function lateStore(store: Store, late: () => Promise<void>): Store {
  const read: Store['read'] = async (read) => {
    const rows = await store.read(read)
    await late()
    return rows
  }
  return { ...store, read }
}

async function whoIs(findSession: (token: string) => Promise<SignedIn | null>, token: string | undefined) {
  const signedIn = token === undefined ? null : await findSession(token)
  if (!signedIn) return null
  const actor: Actor = { is: 'person', userId: signedIn.user.id, sessionId: signedIn.sessionId }
  const caller: Caller = { actor, scopes: [], address: '127.0.0.1', device: 'test' }
  return { signedIn, caller }
}
