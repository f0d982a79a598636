import { type IncomingMessage, request as requestHttp, type RequestOptions } from 'node:http'
import { request as requestHttps } from 'node:https'
import { text } from 'node:stream/consumers'
import type { Config } from '@belfry/server/config.ts'
import { limitKey } from '@belfry/server/http/address.ts'
import { isDistrust } from '@belfry/server/store/postgres/trouble.ts'
import { offBy } from './database.ts'
import { bad, type Finding, good, odd, OWN_AUTHORITY, reasonOf } from './finding.ts'

const ANSWERS_WITHIN_MS = 5_000
/** Where this machine asks itself, another of its own addresses shows whether a proxy says who asks. */
const OTHER_LOOPBACK = '127.0.0.2'

interface Health {
  status: string
  epoch: string
  bus: 'ok' | 'silent'
  /** Who asks, as the node has it. */
  you: { address: string; scheme: string }
}

/** What people type. */
export function publicAddress({ baseUrl, host, port }: Config): URL {
  if (baseUrl !== null) return baseUrl
  const isAny = host === '0.0.0.0' || host === '::'
  return new URL(`http://${isAny ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host}:${port}`)
}

/** Asks the server by its public address. Null for `epoch`: there is no database to compare it with. */
export async function lookAtAddress(address: URL, epoch: string | null): Promise<Finding[]> {
  const what = address.origin
  try {
    const { response, body, from } = await asks(new URL('/health', address))
    const health = healthIn(body)
    if (health === null) return [bad(what, `Something else than this version of Belfry answers there (${response.statusCode}). ${WHERE}`)]
    if (epoch !== null && health.epoch !== epoch)
      return [bad(what, 'A Belfry answers there that serves other data than these. Compare its DATA_DIR or DATABASE_URL with yours.')]
    return [reached(what, health), ...lookAtItsClock(response), ...(await lookAtProxy(address, { seen: health.you, from }))]
  } catch (error) {
    if (isDistrust(error)) return [bad(what, `What answers there is not trusted (${reasonOf(error)}). ${OWN_AUTHORITY}`)]
    return [bad(what, `Nobody answers there (${reasonOf(error)}). ${WHERE}`)]
  }
}

const WHERE = 'Look whether the server runs, and at BASE_URL, HOST, PORT and the proxy.'

function healthIn(body: string): Health | null {
  try {
    const said = JSON.parse(body) as Partial<Health>
    return typeof said.status === 'string' && typeof said.epoch === 'string' && said.you ? (said as Health) : null
  } catch {
    return null
  }
}

function reached(what: string, { status, bus }: Health): Finding {
  if (status === 'stopping') return odd(what, 'A node answers that is just stopping. Ask again when it has started.')
  if (status !== 'ok')
    return bad(what, 'A node answers that cannot use its database. Its log says why; run the doctor on its machine, with its settings.')
  return bus === 'ok'
    ? good(what, 'This server answers there.')
    : bad(what, 'The node that answers there hears nothing through Redis. Its log says why; compare its REDIS_URL with yours.')
}

/** Only where it is wrong: of the database's clock something is said in any case. */
function lookAtItsClock({ headers: { date } }: IncomingMessage): Finding[] {
  if (date === undefined) return []
  const clock = offBy(Date.parse(date) - Date.now(), 'The clock of what answers there')
  return clock.is === 'good' ? [] : [clock]
}

/** Whether a proxy in between says who asks, and how; and whether browsers that come by it are let in. */
async function lookAtProxy(address: URL, { seen, from }: { seen: Health['you']; from: string }): Promise<Finding[]> {
  const scheme = address.protocol.slice(0, -1)
  const findings: Finding[] = []
  if (seen.scheme !== scheme)
    findings.push(
      bad(
        'proxy',
        `Asked by ${scheme}, the server believes it is ${seen.scheme}. Give it the BASE_URL that you gave here; without one, let the proxy send X-Forwarded-Proto, and name it in TRUSTED_PROXIES.`,
      ),
    )
  else findings.push(...(await lookAtPages(address)))
  if (seen.address !== limitKey(from))
    findings.push(
      odd(
        'proxy',
        `Asked from ${from}, the server believes it is ${seen.address}. If that is the proxy, let it send X-Forwarded-For, and name it in TRUSTED_PROXIES: limits count everybody behind it as one.`,
      ),
    )
  return findings.length > 0 ? findings : [good('proxy', `The server knows who asks (${from}), and how (${scheme}).`)]
}

async function lookAtPages(address: URL): Promise<Finding[]> {
  try {
    if (!(await refusesPagesOf(address))) return []
    const todo = `set BASE_URL to ${address.origin} at every node.`
    return [bad('proxy', `The nodes take another address for their own, and refuse every browser that comes by this one: ${todo}`)]
  } catch (error) {
    const todo = 'Let the proxy, or what else stands between, pass on GET, POST, PATCH and DELETE.'
    return [bad('proxy', `A DELETE does not get through (${reasonOf(error)}). ${todo}`)]
  }
}

/** Asks what a page of this address may ask, and one of another may not. Signing nobody out changes nothing. */
async function refusesPagesOf(address: URL): Promise<boolean> {
  const asPage = { method: 'DELETE', headers: { origin: address.origin } }
  const { response, body } = await asks(new URL('/api/v1/session', address), asPage)
  return response.statusCode === 403 && body.includes('"code":"forbidden"')
}

/** `from`: this end of the connection. */
async function asks(
  url: URL,
  more: Pick<RequestOptions, 'method' | 'headers'> = {},
): Promise<{ response: IncomingMessage; body: string; from: string }> {
  const isHere = process.platform === 'linux' && (url.hostname === 'localhost' || url.hostname === '127.0.0.1')
  const options: RequestOptions = {
    signal: AbortSignal.timeout(ANSWERS_WITHIN_MS),
    agent: false,
    ...more,
    ...(isHere && { localAddress: OTHER_LOOPBACK, family: 4 }),
  }
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const begin = url.protocol === 'https:' ? requestHttps : requestHttp
    begin(url, options, resolve).on('error', reject).end()
  })
  const from = (response.socket.localAddress ?? '').replace(/^::ffff:/, '')
  return { response, body: await text(response), from }
}
