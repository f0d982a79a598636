import { setTimeout as wait } from 'node:timers/promises'
import { type App, openApp } from '@belfry/server/app.ts'
import { type Config, readConfig } from '@belfry/server/config.ts'
import { REFUSALS } from '@belfry/protocol/refusals.ts'
import { CannotStart } from '@belfry/server/lib/cannot-start.ts'
import { Refusal } from '@belfry/server/lib/refusal.ts'
import type { Logger } from 'pino'
import { buildWeb, webIsStale } from './build-web.ts'
import { openLog } from './log.ts'
import { reportFailure } from './report-failure.ts'
import { stopSignal } from './stop-signal.ts'

/** Where nobody else can listen in. */
const LOOPBACK = new Set(['127.0.0.1', 'localhost', '::1'])

/** What was asked is answered before; beyond it the database hangs, or something else, and whoever asked must not wait for ever. */
const STOP_WITHIN_MS = 20_000

const AGAIN_MS = 1_000

/** Serves until SIGINT or SIGTERM. A person at a terminal is told in sentences, a log collector in JSON. */
export async function serve(options: { json?: boolean }): Promise<void> {
  const stop = stopSignal()
  const config = readConfig(process.env)
  const readable = process.stdout.isTTY && !options.json
  const log = await openLog(config.logLevel, { readable })
  if (config.web === 'on') await buildWebWhenStale(stop, readable ? null : log)
  if (stop.aborted) return
  warnOfPlainHttp(config, log)
  warnOfLoneRedis(config, log)
  try {
    for (let isAgain = false; !stop.aborted; isAgain = true) await serveOnce({ config, log, readable, isAgain }, stop)
    log.info('Belfry has stopped')
  } catch (error) {
    reportFailure(error, { json: options.json ?? false })
  }
  // Lines to a database that is dead would keep the process for minutes.
  process.exit()
}

interface Serving {
  config: Config
  log: Logger
  readable: boolean
  /** Not the first time in this process. */
  isAgain: boolean
}

/** Until it is asked to stop, or its database has become another one. */
async function serveOnce({ config, log, readable, isAgain }: Serving, stop: AbortSignal): Promise<void> {
  const opening = isAgain ? openAnew(config, log) : openApp(config, log)
  const app = await Promise.race([opening, aborted(stop)])
  // What had begun is undone by the database.
  if (!app) return
  if (readable) tellPerson(app)
  else tellLog(app, log)
  await Promise.race([aborted(stop), app.replaced])
  if (!stop.aborted) log.warn('The database is another one than before, or an older one: everything is opened anew.')
  await close(app, log)
}

/** What is in the way of whoever has served before with the same settings may pass, as it may while they serve: it tries until it can. */
async function openAnew(config: Config, log: Logger): Promise<App> {
  for (let told = ''; ; await wait(AGAIN_MS)) {
    try {
      return await openApp(config, log, { isAgain: true })
    } catch (error) {
      if (!mayPass(error)) throw error
      if (error.message !== told) log.warn(`It cannot be opened, and is tried again every second: ${error.message}`)
      told = error.message
    }
  }
}

function mayPass(error: unknown): error is Error {
  return error instanceof CannotStart || (error instanceof Refusal && REFUSALS[error.body.code].again)
}

/** `log` null: somebody watches. */
async function buildWebWhenStale(signal: AbortSignal, log: Logger | null): Promise<void> {
  if (!webIsStale()) return
  if (!log) process.stdout.write('Building the web app… ')
  const ms = await buildWeb({ signal })
  if (ms === null) return
  if (log) log.info({ ms }, 'built the web app')
  else console.log(`done in ${(ms / 1000).toFixed(1)} s`)
}

function tellPerson({ url, firstLink }: App): void {
  console.log(`Belfry listens on ${url}`)
  if (firstLink) console.log(`\nNobody has an account yet. Whoever opens this link first becomes the administrator:\n  ${firstLink}\n`)
  console.log('Ctrl+C stops it.')
}

/** A log is kept and read by others: the link is a secret and stays out of it. */
function tellLog({ url, firstLink }: App, log: Logger): void {
  log.info({ url }, 'Belfry listens')
  if (firstLink) log.info('Nobody has an account yet. Make the first: npx belfry user create NAME --admin')
}

function warnOfPlainHttp({ host, baseUrl, trustedProxies }: Config, log: Logger): void {
  const isOpen = baseUrl ? baseUrl.protocol === 'http:' && baseUrl.hostname !== 'localhost' : !LOOPBACK.has(host)
  if (isOpen)
    log.warn(
      'People reach this server without encryption: passwords and sessions can be read on the way. Put a proxy with https in front, and set BASE_URL.',
    )
  if (baseUrl?.protocol === 'https:' && trustedProxies.length === 0) {
    log.warn('BASE_URL is https, but TRUSTED_PROXIES is empty: limits count everybody behind the proxy as one address.')
  }
}

function warnOfLoneRedis({ databaseUrl, redisUrl }: Config, log: Logger): void {
  if (redisUrl !== null && databaseUrl === null)
    log.warn(
      'REDIS_URL is set, but DATABASE_URL is not: several nodes need PostgreSQL, and one alone needs no Redis. Set it, or leave REDIS_URL out.',
    )
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return
  await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
}

async function close(app: App, log: Logger): Promise<void> {
  const tooLong = setTimeout(() => {
    log.fatal(`The server did not stop within ${STOP_WITHIN_MS} ms.`)
    process.exit(1)
  }, STOP_WITHIN_MS)
  await app.close()
  clearTimeout(tooLong)
}
