import { existsSync } from 'node:fs'
import { type AddressInfo, Server as NetServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { FastifyInstance } from 'fastify'
import type { Logger } from 'pino'
import { inviteLink } from '#accounts/invites.ts'
import { anyUser } from '#accounts/users.ts'
import { memoryBus } from '#bus/memory.ts'
import type { Bus } from '#bus/bus.ts'
import { call, type Calls } from '#call.ts'
import { writes } from '#commands.ts'
import type { Config } from '#config.ts'
import { type Callers, createCallers } from '#http/callers.ts'
import { openHttp } from '#http/http.ts'
import { CannotStart } from '#lib/cannot-start.ts'
import { jobWork } from '#jobs.ts'
import { Worker } from '#jobs/worker.ts'
import { systemClock } from '#lib/clock.ts'
import { Refusal } from '#lib/refusal.ts'
import { newSecret } from '#lib/secrets.ts'
import { TokenBucket } from '#lib/token-bucket.ts'
import { version } from '#lib/version.ts'
import { nodeMetrics } from '#node-metrics.ts'
import { Realtime } from '#realtime/realtime.ts'
import type { Rates } from '#rates.ts'
import { lockFolder } from '#store/sqlite/folder.ts'
import type { NodeFacts } from '#store/read.ts'
import { openStore, type Store } from '#store/store.ts'

const WEB_FOLDER = fileURLToPath(new URL('../../web/dist', import.meta.url))

/** Clients come back, or are at other nodes, within this time after the server has said that it stops. */
const COME_BACK_WITHIN_MS = 2_000

/** A running server. */
export interface App {
  /** Where it listens. */
  url: string
  /** Makes its first visitor the administrator; null once there is an account. A secret. */
  firstLink: string | null
  /** Resolves when the database is another one than was opened, or an older one stands in its place: all is to be opened anew [F8]. */
  replaced: Promise<void>
  /** Stops taking calls, answers those it has, and lets go of everything. */
  close(): Promise<void>
}

/**
 * Starts a server. Throws {@link CannotStart} with one clear line when it cannot. `isAgain`: it was open in this process before, and
 * a newer Belfry may have migrated its database since.
 */
export async function openApp(config: Config, log: Logger, { isAgain } = { isAgain: false }): Promise<App> {
  await using undo = new AsyncDisposableStack()
  if (!config.databaseUrl) undo.use(lockFolder(config.dataDir))
  const bus = undo.use(await openBus(config, log))
  const { promise: replaced, resolve: onReplaced } = Promise.withResolvers<void>()
  const onMoved = () => void realtime.feeds.sweep()
  const store = undo.use(await openNodeStore(config, { bus, log, mayBeNewer: isAgain, onReplaced, onMoved }))
  const calls: Calls = { store, rates: ratesOf(config), clock: systemClock, facts: factsOf(store, () => realtime.connections.size) }
  const callers = createCallers({ store, clock: systemClock, baseUrl: config.baseUrl, trustedProxies: config.trustedProxies })
  const realtime = undo.use(openRealtime(config, { calls, bus, callers, log, onReplaced }))
  let stopping = false
  const worker = undo.use(openWorker({ store, log, realtime }))
  const webFolder = config.web === 'on' && existsSync(WEB_FOLDER) ? WEB_FOLDER : null
  const metrics = nodeMetrics({ store, bus, realtime })
  const state = () => (stopping ? 'stopping' : 'ok')
  const doors = { ...calls, callers, streams: realtime, webFolder, log, metrics, state, bus }
  const http = undo.adopt(await openHttp(doors), closeHttp)
  realtime.accept(http.server)
  // Before anybody is served: without a database it does not start, and whoever it serves it does not leave again.
  const secret = await firstSecret(store)
  const url = await listen(http, config)
  await store.ready()
  const kept = undo.move()
  return {
    url,
    firstLink: secret && inviteLink(url, secret),
    replaced,
    async close() {
      stopping = true
      // Where the database does not answer, nobody waits for what is under way there.
      const stopped = worker[Symbol.asyncDispose]()
      if (config.redisUrl === null) realtime.announceStop(COME_BACK_WITHIN_MS)
      else {
        await realtime.handOver(COME_BACK_WITHIN_MS)
        await shutDoor(http)
        await askedNoMore(http)
      }
      // Nobody is refused: from here on nobody comes, and what was asked is stored and answered.
      await Promise.all([closeHttp(http), realtime.closeAll(), stopped])
      await store.queue.stop()
      await kept.disposeAsync()
    },
  }
}

/** Whoever needs no Redis does not wait for its client to be loaded. */
async function openBus({ redisUrl }: Config, log: Logger): Promise<Bus> {
  if (redisUrl === null) return memoryBus()
  const { RedisBus } = await import('#bus/redis.ts')
  return new RedisBus({ url: redisUrl, warn: (text, error) => log.warn({ err: error }, text) })
}

interface StoreAround {
  bus: Bus
  log: Logger
  mayBeNewer: boolean
  onReplaced(): void
  onMoved(): void
}

function openNodeStore(config: Config, node: StoreAround): Promise<Store> {
  return openStore({
    folder: config.dataDir,
    databaseUrl: config.databaseUrl,
    writes,
    clock: systemClock,
    writerScript: new URL('./writer.ts', import.meta.url),
    onAnnouncements: (announcements) => node.bus.publish(announcements),
    mayBeNewer: node.mayBeNewer,
    onMoved: node.onMoved,
    onReplaced: node.onReplaced,
    onFailure: (failure) => node.log.error({ failure }, 'a write failed'),
  })
}

function ratesOf({ rates }: Config): Rates {
  return {
    messages: new TokenBucket(rates.messages, systemClock),
    others: new TokenBucket(rates.others, systemClock),
    notifications: new TokenBucket(rates.notifications, systemClock),
    signIns: new TokenBucket(rates.signIns, systemClock),
  }
}

function openWorker({ store, log, realtime }: { store: Store; log: Logger; realtime: Realtime }): Worker {
  const worker = new Worker({
    store,
    clock: systemClock,
    work: jobWork({ store, online: () => realtime.presence.online() }),
    onFailure: (failure, error) => log.error({ err: error }, failure),
    onRecovery: (words) => log.info(words),
  })
  return worker.start()
}

function factsOf(store: Store, connections: () => number): () => Promise<NodeFacts> {
  const startedAt = systemClock.now()
  return async () => ({
    version: version(),
    node: process.versions.node,
    startedAt,
    database: await store.facts(),
    connections: connections(),
  })
}

function openRealtime(config: Config, node: { calls: Calls; bus: Bus; callers: Callers; log: Logger; onReplaced(): void }): Realtime {
  const { calls, bus, callers, log, onReplaced } = node
  return new Realtime({
    store: calls.store,
    bus,
    clock: systemClock,
    connectionsPerUserMax: config.connectionsPerUserMax,
    handshakesPerSecond: config.handshakesPerSecond,
    isOurOrigin: (request) => callers.isOurOrigin(request),
    addressOf: (request) => callers.addressOf(request),
    whoIs: (request, token) => callers.whoIs(request, token),
    call: (request) => call(calls, request),
    onReplaced: (by) => (by === 'another' ? onReplaced() : void renewEpoch(calls.store).then(onReplaced, () => {})),
    onFailure: (failure) => void (isAway(failure) || log.error({ err: failure }, 'the socket door failed')),
  })
}

/** That the database is away, those who write and who work have in the log already. */
function isAway(failure: unknown): boolean {
  return failure instanceof Refusal && failure.body.code === 'unavailable'
}

/** Nobody goes on from what an older database never had. What refuses it is in the log; the next comparison asks again. */
async function renewEpoch(store: Store): Promise<void> {
  await store.write({ name: 'epoch.renew', input: {}, actor: { is: 'operator' } })
}

/** A node that is one of several takes nobody new until nobody has asked for so long over the connections that are left; at most for so long. */
const ASKED_NO_MORE_MS = 1_000
const DOOR_SHUT_MOST_MS = 4_000
/** It is looked at so often. */
const LOOK_EVERY_MS = 100

/**
 * Behind whoever stands in it: they are let in by a whole turn of the loop. Of several nodes one shuts its door before it closes connections: a load balancer asks
 * over those that it has, and were they closed together, a request on its way could find one just closed, and a POST is sent nowhere else then. So whoever finds the
 * door shut goes elsewhere, and whoever is connected is answered, and asked to connect no more.
 */
async function shutDoor(http: FastifyInstance): Promise<void> {
  for (let turns = 0; turns < 2; turns++) await new Promise(setImmediate)
  NetServer.prototype.close.call(http.server)
}

/** Each answer ends its connection: a load balancer that goes on asking has others left, and one that is just closed would meet a request on its way. */
async function askedNoMore({ server }: FastifyInstance): Promise<void> {
  const shutAt = performance.now()
  let askedAt = shutAt
  server.on('request', () => (askedAt = performance.now()))
  const isAsked = () => performance.now() - askedAt < ASKED_NO_MORE_MS && performance.now() - shutAt < DOOR_SHUT_MOST_MS
  while (isAsked()) await sleep(LOOK_EVERY_MS)
}

/** How long requests that are under way may take to end; whoever has sent half of one would otherwise hold the stop up. */
const REQUESTS_END_WITHIN_MS = 2_000

async function closeHttp(http: FastifyInstance): Promise<void> {
  if (http.server.listening) await shutDoor(http)
  http.server.closeIdleConnections()
  const cut = setTimeout(() => http.server.closeAllConnections(), REQUESTS_END_WITHIN_MS)
  await http.close()
  clearTimeout(cut)
}

/** So many connections may wait to be accepted, where the system allows it: after a restart all come at once, and whom there is no room for waits for seconds. */
const BACKLOG = 4_096

async function listen(http: FastifyInstance, { host, port, baseUrl }: Config): Promise<string> {
  try {
    await http.listen({ host, port, backlog: BACKLOG })
  } catch (error) {
    throw explained(error, { host, port })
  }
  const { port: actual } = http.server.address() as AddressInfo
  const shown = host === '127.0.0.1' || host === '0.0.0.0' || host === '::' ? 'localhost' : host
  return baseUrl ? baseUrl.origin : `http://${shown.includes(':') ? `[${shown}]` : shown}:${actual}`
}

function explained(error: unknown, { host, port }: { host: string; port: number }): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : null
  if (code === 'EADDRINUSE') return new CannotStart(`Port ${port} is already in use. Stop what listens there, or set PORT to another one.`)
  if (code === 'EACCES') return new CannotStart(`This user may not listen on port ${port}. Set PORT to one above 1023.`)
  if (code === 'EADDRNOTAVAIL') return new CannotStart(`This machine has no address ${host}. Set HOST to one that it has.`)
  return error
}

/** Made anew at each start while no account exists. */
async function firstSecret(store: Store): Promise<string | null> {
  // The writer thread may still be on its way: who has accounts listens without it.
  if (await store.read(anyUser)) return null
  const secret = newSecret()
  const made = await store.write<boolean>({ name: 'invite.first', input: { secret }, actor: { is: 'operator' } })
  return made ? secret : null
}
