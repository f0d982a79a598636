import type { IncomingMessage } from 'node:http'
import { SESSION_LASTS_MS } from '#accounts/sessions.ts'
import { headerText } from './address.ts'

/** How one is reached: over https the cookie has the name that no other host and no plain http page can set. */
export type Scheme = 'http' | 'https'

const NAME = { http: 'belfry', https: '__Host-belfry' } as const

/** The session's token that the request's cookie carries, or null. */
export function tokenInCookie(request: IncomingMessage, scheme: Scheme): string | null {
  for (const pair of headerText(request, 'cookie').split(';')) {
    const at = pair.indexOf('=')
    if (at > 0 && pair.slice(0, at).trim() === NAME[scheme]) return pair.slice(at + 1).trim()
  }
  return null
}

/** A `Set-Cookie` that signs this browser in. Tokens are base64url: nothing to escape. */
export function signInCookie(token: string, scheme: Scheme): string {
  return setCookie(token, { scheme, maxAgeMs: SESSION_LASTS_MS })
}

/** A `Set-Cookie` that takes it away again. */
export function signOutCookie(scheme: Scheme): string {
  return setCookie('', { scheme, maxAgeMs: 0 })
}

function setCookie(value: string, { scheme, maxAgeMs }: { scheme: Scheme; maxAgeMs: number }): string {
  const secure = scheme === 'https' ? '; Secure' : ''
  return `${NAME[scheme]}=${value}; Path=/; Max-Age=${maxAgeMs / 1000}; HttpOnly; SameSite=Lax${secure}`
}
