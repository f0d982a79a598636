import type { IncomingMessage } from 'node:http'
import { type Asked, findsSessions, keyOfSecret } from '#accounts/authenticate.ts'
import { KEY_PREFIX } from '#accounts/keys.ts'
import type { SignedIn } from '#accounts/sessions.ts'
import type { Caller } from '#admit.ts'
import type { Clock } from '#lib/clock.ts'
import { Refusal } from '#lib/refusal.ts'
import type { Store } from '#store/store.ts'
import { clientAddress, headerText, limitKey, peerOf, type Proxies, proxies } from './address.ts'
import { type Scheme, tokenInCookie } from './cookie.ts'
import { deviceOf } from './device.ts'

export interface CallersOptions {
  store: Store
  clock: Clock
  /** How people reach the server, when the operator has said so. */
  baseUrl: URL | null
  /** Addresses and subnets of the proxies before the server. */
  trustedProxies: string[]
}

/** Who calls: asked by this door and by the socket's. */
export interface Callers {
  /** Whether the page that asks is ours. What is no browser sends no Origin, and passes. */
  isOurOrigin(request: IncomingMessage): boolean
  /** Who is signed in: by a session's token, or else by the cookie, which counts only from a page of ours. */
  whoIs(request: IncomingMessage, token?: string): Promise<{ signedIn: SignedIn; caller: Caller } | null>
  /** Who sends this request: a bearer key or token, else the cookie, else nobody. Refusal: unauthenticated, for a bearer that opens nothing. */
  callerOf(request: IncomingMessage): Promise<Caller>
  /** The person who sends it, found like that. Null: nobody, or a program. */
  personOf(request: IncomingMessage): Promise<SignedIn | null>
  /** Where a request comes from, as limits count it. */
  addressOf(request: IncomingMessage): string
  /** How the one who asks reaches us, as far as we can know. */
  schemeOf(request: IncomingMessage): Scheme
}

export function createCallers(options: CallersOptions): Callers {
  const { store, clock, baseUrl } = options
  const trusted = proxies(options.trustedProxies)
  const asked = (): Asked => ({ store, now: clock.now() })
  const schemeOf = (request: IncomingMessage) => schemeFor(request, { baseUrl, trusted })
  const isOurOrigin = (request: IncomingMessage) => isOurs(request, { baseUrl, trusted })
  const addressOf = (request: IncomingMessage) => limitKey(clientAddress(request, trusted))
  const nobody = (request: IncomingMessage) => nobodyAt(request, addressOf(request))
  const findSession = findsSessions(options)
  const signedInBy = async (token: string | null) => (token === null ? null : findSession(token))

  return {
    isOurOrigin,
    addressOf,
    schemeOf,
    async whoIs(request, token) {
      const fromCookie = request.headers.origin !== undefined && isOurOrigin(request) ? tokenInCookie(request, schemeOf(request)) : null
      const signedIn = await signedInBy(token ?? fromCookie)
      return signedIn && { signedIn, caller: personOf(signedIn, nobody(request)) }
    },
    async callerOf(request) {
      const bearer = bearerOf(request)
      if (bearer?.startsWith(KEY_PREFIX)) return programBy(asked(), bearer, nobody(request))
      const signedIn = await signedInBy(bearer ?? tokenInCookie(request, schemeOf(request)))
      if (bearer !== null && !signedIn) throw opensNothing()
      return signedIn ? personOf(signedIn, nobody(request)) : nobody(request)
    },
    personOf: (request) => signedInBy(bearerOf(request) ?? tokenInCookie(request, schemeOf(request))),
  }
}

/** What stands after `Authorization: Bearer`, or null. Other schemes are a proxy's affair. */
export function bearerOf(request: IncomingMessage): string | null {
  const match = /^Bearer(?: +(.*))?$/i.exec(headerText(request, 'authorization').trim())
  return match && (match[1] ?? '')
}

async function programBy(asked: Asked, secret: string, nobody: Caller): Promise<Caller> {
  const key = await keyOfSecret(asked, secret)
  if (!key) throw new Refusal('unauthenticated', 'This API key is not known, or was revoked.')
  return { ...nobody, actor: { is: 'program', keyId: key.id }, scopes: key.scopes }
}

function opensNothing(): Refusal {
  return new Refusal('unauthenticated', 'This key or token is not known, was revoked, or has ended.')
}

function personOf({ user, sessionId }: SignedIn, nobody: Caller): Caller {
  return { ...nobody, actor: { is: 'person', userId: user.id, sessionId } }
}

function nobodyAt(request: IncomingMessage, address: string): Caller {
  return { actor: { is: 'nobody' }, scopes: [], address, device: deviceOf(request.headers['user-agent']) }
}

interface Surroundings {
  baseUrl: URL | null
  trusted: Proxies
}

function schemeFor(request: IncomingMessage, { baseUrl, trusted }: Surroundings): Scheme {
  if (baseUrl?.protocol === 'https:') return 'https'
  const forwarded = trusted.trust(peerOf(request)) && headerText(request, 'x-forwarded-proto').toLowerCase() === 'https'
  return forwarded ? 'https' : 'http'
}

/** The page's host is ours by BASE_URL, or because the request went to that very host. A page that somebody could change on its way, over http, does not speak for https. */
function isOurs(request: IncomingMessage, around: Surroundings): boolean {
  const { origin, host } = request.headers
  if (origin === undefined) return true
  const page = URL.canParse(origin) ? new URL(origin) : null
  if (!page) return false
  if (page.host === around.baseUrl?.host) return page.protocol === around.baseUrl.protocol
  const asked = URL.canParse(`${page.protocol}//${host}`) ? new URL(`${page.protocol}//${host}`) : null
  return page.host === asked?.host && (page.protocol === 'https:' || schemeFor(request, around) === 'http')
}
