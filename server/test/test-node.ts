import { EventEmitter } from 'node:events'
import type { Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { sessionOfToken } from '#accounts/authenticate.ts'
import type { Bus } from '#bus/bus.ts'
import type { Call, Caller } from '#admit.ts'
import { call } from '#call.ts'
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

/** The socket half of a server, over sockets in memory. */
export class TestNode implements Disposable {
  readonly realtime: Realtime
  readonly server = new EventEmitter()
  readonly #sockets = new Set<Duplex>()

  /** `isBusy`: a call is told to come again, and stores nothing. `late`: what was read or done takes its time to arrive. */
  constructor(world: NodeWorld, options: { bus: Bus; connectionsPerUserMax: number; isBusy?: () => boolean; late?: () => Promise<void> }) {
    const { clock } = world
    const { bus, connectionsPerUserMax, isBusy, late } = options
    const store = late ? lateStore(world.store, late) : world.store
    const plenty = () => new TokenBucket({ burst: 1e9, perSecond: 1e9 }, clock)
    const rates = { messages: plenty(), notifications: plenty(), signIns: plenty(), others: plenty() }
    this.realtime = new Realtime({
      store,
      clock,
      bus,
      connectionsPerUserMax,
      isOurOrigin: ({ headers }) => headers.origin === undefined || headers.origin === 'http://localhost',
      addressOf: ({ headers }) => String(headers['x-forwarded-for'] ?? 'here'),
      whoIs: (_request, token) => whoIs(world, token),
      call: async (request: Call) => {
        if (isBusy?.()) throw new Refusal('busy', 'Come again.', { retryAfterMs: 300 })
        const result = await call({ store: world.store, rates, clock, facts: () => FACTS }, request)
        await late?.()
        return result
      },
      onFailure: (failure) => world.failures.push(failure),
    })
    this.realtime.accept(this.server as Server)
    this.server.on('upgrade', (_request, socket: Duplex) => {
      this.#sockets.add(socket)
      socket.once('close', () => this.#sockets.delete(socket))
    })
  }

  /** As `kill -9` would have it: nobody is told, greeted or not. */
  [Symbol.dispose](): void {
    for (const socket of [...this.#sockets]) socket.destroy()
    this.realtime[Symbol.dispose]()
  }
}

function lateStore(store: Store, late: () => Promise<void>): Store {
  const read: Store['read'] = async (read) => {
    const rows = await store.read(read)
    await late()
    return rows
  }
  return { ...store, read }
}

async function whoIs({ store, clock }: NodeWorld, token: string | undefined) {
  const signedIn = token === undefined ? null : await sessionOfToken({ store, now: clock.now() }, token)
  if (!signedIn) return null
  const actor: Actor = { is: 'person', userId: signedIn.user.id, sessionId: signedIn.sessionId }
  const caller: Caller = { actor, scopes: [], address: '127.0.0.1', device: 'test' }
  return { signedIn, caller }
}
