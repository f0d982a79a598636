import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyBaseLogger, FastifyInstance, FastifyRequest } from 'fastify'
import { keyOfSecret } from '#accounts/authenticate.ts'
import type { Clock } from '#lib/clock.ts'
import type { Store } from '#store/store.ts'
import { isLoopback, peerOf } from './address.ts'
import { bearerOf, type Callers } from './callers.ts'

export interface HealthOptions {
  store: Store
  clock: Clock
  state(): 'ok' | 'stopping'
  /** A node that does not hear of what others change serves all the same: it looks for itself. */
  bus: { isAlive: boolean }
  metrics: MetricsPage
  callers: Pick<Callers, 'addressOf' | 'schemeOf'>
}

/** What Prometheus reads. */
export interface MetricsPage {
  contentType: string
  metrics(): Promise<string>
}

/** `/health` for whoever watches the server, `/metrics` for those whom it concerns. */
export function addHealth(app: FastifyInstance, options: HealthOptions): void {
  const tell = teller(app.log)
  app.get('/health', async (request, reply) => {
    const status = options.state() === 'stopping' ? 'stopping' : tell(await failureOf(options.store))
    return reply
      .code(status === 'ok' ? 200 : 503)
      .header('cache-control', 'no-store')
      .send({ status, epoch: options.store.epoch, bus: options.bus.isAlive ? 'ok' : 'silent', you: youIn(options, request) })
  })
  app.get('/metrics', async (request, reply) => {
    if (!(await maySeeMetrics(options, request))) return reply.callNotFound()
    return reply
      .header('cache-control', 'no-store')
      .type(options.metrics.contentType)
      .send(await options.metrics.metrics())
  })
}

/** Who asks and how, as this node has it: that shows whether a proxy in between says so. */
function youIn({ callers }: HealthOptions, { raw }: FastifyRequest): { address: string; scheme: string } {
  return { address: callers.addressOf(raw), scheme: callers.schemeOf(raw) }
}

/** Whoever watches does not wait for longer: a database that stands still is as good as none. */
export const ANSWERS_WITHIN_MS = 2_000

/** Null: it reads and writes. */
async function failureOf(store: Store): Promise<Error | null> {
  const late = new Error(`the database has not answered within ${ANSWERS_WITHIN_MS} ms`)
  return Promise.race([
    looksAt(store).then(
      () => null,
      (error: Error) => error,
    ),
    sleep(ANSWERS_WITHIN_MS, late, { ref: false }),
  ])
}

async function looksAt(store: Store): Promise<void> {
  await store.read((db) => db.selectFrom('meta').select('key').limit(1).execute())
  await store.requireWritable()
}

/** Why it fails is logged once, until it is well again: a node that is sent nobody may write nothing that would say it. */
function teller(log: FastifyBaseLogger): (failure: Error | null) => 'ok' | 'failing' {
  let wasWell = true
  return (failure) => {
    const isWell = failure === null
    if (!isWell && wasWell) log.error({ err: failure }, 'the database cannot be used: /health answers 503')
    if (isWell && !wasWell) log.warn('the database can be used again: /health answers 200')
    wasWell = isWell
    return isWell ? 'ok' : 'failing'
  }
}

/** A proxy on the same machine names itself by one of these: then the loopback peer is not who asks. */
const PROXY_HEADERS = ['x-forwarded-for', 'forwarded', 'x-real-ip', 'via']

async function maySeeMetrics({ store, clock }: HealthOptions, { raw, headers }: FastifyRequest): Promise<boolean> {
  const bearer = bearerOf(raw)
  if (bearer !== null) return (await keyOfSecret({ store, now: clock.now() }, bearer))?.scopes.includes('metrics') ?? false
  return isLoopback(peerOf(raw)) && !PROXY_HEADERS.some((name) => name in headers)
}
