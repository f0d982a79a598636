import type { Trouble } from '#store/batch.ts'

/** Of PostgreSQL's own errors, by SQLSTATE. */
const DISK_FULL = '53100'
const TOO_MANY_CONNECTIONS = '53300'
const LOCK_NOT_AVAILABLE = '55P03'
const QUERY_CANCELED = '57014'
/** Somebody else was faster: serialization_failure, deadlock_detected, unique_violation; whose row is there to be seen the next time. */
const TRIES = new Map([
  ['40001', 5],
  ['40P01', 5],
  ['23505', 2],
])
/** It goes away or has not come yet, has no room for more, ends connections, or has become a standby. */
const AWAY = new Set(['57P01', '57P02', '57P03', '57P04', '57P05', '53200', TOO_MANY_CONNECTIONS, '53400', '25006', '25P03'])
const CONNECTION_EXCEPTION = '08'

/** There is no connection to be had, or none that may be used. */
export class NoConnection extends Error {
  override name = 'NoConnection'
}

/** How often in all a write is run that fails like this. */
export function triesOf(error: unknown): number {
  return TRIES.get(stateOf(error) ?? '') ?? 1
}

/** Whether the server was not there to answer. What the line to it says has no SQLSTATE. */
export function isUnreachable(error: unknown): boolean {
  if (error instanceof NoConnection || isDistrust(error)) return true
  const state = stateOf(error)
  if (state !== null) return AWAY.has(state) || state.startsWith(CONNECTION_EXCEPTION)
  return (
    error instanceof Error &&
    (hasSystemCode(error) ||
      /^(Connection terminated|timeout exceeded|Query read timeout|Client has encountered a connection error|Client was closed)/i.test(
        error.message,
      ))
  )
}

/** Whether it has room for those connections alone that there are. */
export function isFull(error: unknown): boolean {
  return stateOf(error) === TOO_MANY_CONNECTIONS
}

/** Whether TLS was asked for, and the server has none, or none that can be believed. */
export function isDistrust(error: unknown): boolean {
  return error instanceof Error && stateOf(error) === null && /certificate|altnames|does not support SSL/i.test(error.message)
}

/** Whether somebody else held what it waited for. A look that is merely too slow is a mistake of ours. */
export function isHeld(error: unknown): boolean {
  return stateOf(error) === LOCK_NOT_AVAILABLE
}

export function troubleOf(error: unknown): Trouble {
  const state = stateOf(error)
  if (state === DISK_FULL) return 'disk-full'
  if (state === LOCK_NOT_AVAILABLE || state === QUERY_CANCELED) return 'locked'
  return isUnreachable(error) ? 'unreachable' : 'mistake'
}

function stateOf(error: unknown): string | null {
  const code = error instanceof Error && 'code' in error ? error.code : null
  return typeof code === 'string' && /^(?=.*\d)[0-9A-Z]{5}$/.test(code) ? code : null
}

/** ECONNREFUSED, ENOTFOUND and their like: of a socket. */
function hasSystemCode(error: Error): boolean {
  return (
    'syscall' in error ||
    ('code' in error && typeof error.code === 'string' && /^E[A-Z]+$/.test(error.code)) ||
    error instanceof AggregateError
  )
}
