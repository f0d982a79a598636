import { HOME_PATH } from './paths.ts'

const BASE = 'https://here.invalid'

/** Where to go after signing in: the path that was asked for, if it is one of ours; an address elsewhere is never followed. */
export function safeNextPath(asked: string | null | undefined): string {
  if (!asked || !/^\/(?![/\\])/.test(asked) || /[\u0000-\u001f\\]/.test(asked) || !URL.canParse(asked, BASE)) return HOME_PATH

  const url = new URL(asked, BASE)
  if (url.origin !== BASE || url.pathname.startsWith('//') || isDoor(url.pathname)) return HOME_PATH
  return url.pathname + url.search + url.hash
}

/** The address of the sign-in page that leads back to here. */
export function signInPath(here: string): string {
  const next = safeNextPath(here)
  return next === HOME_PATH ? '/sign-in' : `/sign-in?next=${encodeURIComponent(next)}`
}

function isDoor(pathname: string): boolean {
  return pathname === '/' || pathname === '/sign-in' || pathname === '/sign-up' || pathname === '/welcome'
}
