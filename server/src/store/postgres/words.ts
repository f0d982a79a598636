import { CannotStart } from '#lib/cannot-start.ts'
import { isDistrust, isFull, isUnreachable } from './trouble.ts'

/** The server and the database; never the password. */
export function nameOf(url: string): string {
  const { host, pathname } = new URL(url)
  return `${pathname.slice(1)} at ${host}`
}

export function isStandby(url: string): CannotStart {
  return new CannotStart(`DATABASE_URL: ${nameOf(url)} is a standby. Set the address of the server that takes writes.`)
}

/** Those who host databases turn them so when the disk is nearly full. */
export function takesNoWrites(url: string): CannotStart {
  return new CannotStart(
    `The database ${nameOf(url)} takes no writes (default_transaction_read_only is on). Where its disk is nearly full, make room; then turn that off again.`,
  )
}

/** The command that makes such a database, for the user of this address: also where the server's own locale has another encoding. Texts are compared by bytes in any case. */
export function creating(url: string, name = decodeURIComponent(new URL(url).pathname.slice(1))): string {
  const { hostname, port, username } = new URL(url)
  const host = hostname.replace(/^\[|\]$/g, '')
  const options = [host && `-h ${host}`, port && `-p ${port}`, username && `-O ${decodeURIComponent(username)}`]
  return ['createdb --encoding=UTF8 --template=template0 --locale=C', ...options.filter(Boolean), name].join(' ')
}

/** The same beside the one of this address. */
export function creatingAnother(url: string): string {
  return creating(url, `${decodeURIComponent(new URL(url).pathname.slice(1))}2`)
}

/** What is in the way of a start or a command, and what to do, where that is known. */
export function explained(error: unknown, url: string): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const at = `DATABASE_URL: ${nameOf(url)}`
  if (code === '28P01' || code === '28000') return new CannotStart(`${at} refuses this user or password (${(error as Error).message}).`)
  if (code === '3D000') return new CannotStart(`${at} does not exist. Whoever may make databases makes it: \`${creating(url)}\`.`)
  if (code === '53100') return new CannotStart(`${at}: the disk of the server is full.`)
  if (code === '42501') return new CannotStart(`${at}: this user may not make tables there (${(error as Error).message}).`)
  if (code === '25006') return takesNoWrites(url)
  if (isOfFile(error)) return new CannotStart(`${at} names a file that cannot be read (${error.message}).`)
  if (isFull(error))
    return new CannotStart(
      `${at}: PostgreSQL takes no more connections (${(error as Error).message}). Raise max_connections there, or the limit of this database or user: a node takes up to 16, and one more while it starts.`,
    )
  if (error instanceof Error && /does not support SSL/.test(error.message))
    return new CannotStart(`${at} has no TLS. Turn it on there, or leave sslmode out where nobody can listen in.`)
  if (isDistrust(error))
    return new CannotStart(`${at} is not trusted (${(error as Error).message}). docs/cluster.md says how to name an authority.`)
  return isUnreachable(error)
    ? new CannotStart(`${at} cannot be reached (${(error as Error).message || code}). Start PostgreSQL, or set another address.`)
    : error
}

/** A certificate or a key. Of a socket, too, it is said that it cannot be read, but not opened. */
function isOfFile(error: unknown): error is Error {
  return error instanceof Error && (('syscall' in error && error.syscall === 'open') || ('code' in error && error.code === 'EISDIR'))
}
