import type { Trouble } from '#store/batch.ts'

/** Of PostgreSQL's own errors, by SQLSTATE. */
const DISK_FULL = '53100'
const LOCKED = new Set(['55P03', '57014'])
/** Somebody else was faster: unique_violation, serialization_failure, deadlock_detected. */
const RACES = new Set(['23505', '40001', '40P01'])
/** It goes away or has not come yet, takes no more connections, or has become a standby. */
const AWAY = new Set(['57P01', '57P02', '57P03', '53300', '25006', '25P03'])
const CONNECTION_EXCEPTION = '08'

/** It may go well the next time, since then the other's rows are there to be seen. */
export function isRace(error: unknown): boolean {
  return RACES.has(stateOf(error) ?? '')
}

/** Whether the server was not there to answer. What the line to it says has no SQLSTATE. */
export function isUnreachable(error: unknown): boolean {
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

export function troubleOf(error: unknown): Trouble {
  const state = stateOf(error)
  if (state === DISK_FULL) return 'disk-full'
  if (state !== null && LOCKED.has(state)) return 'locked'
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
