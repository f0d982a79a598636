/** Every expected "no". `status` is for HTTP (RFC 9457); `again`: the same request may succeed later, unchanged. */
export const REFUSALS = {
  'malformed': { status: 400, again: false, title: 'This is not what the command takes' },
  'version': { status: 400, again: false, title: 'Another version of the protocol is spoken here' },
  'unauthenticated': { status: 401, again: false, title: 'Nobody is signed in' },
  'wrong-credentials': { status: 401, again: false, title: 'User name or password is wrong' },
  'forbidden': { status: 403, again: false, title: 'This is not allowed' },
  'wrong-password': { status: 403, again: false, title: 'The current password is wrong' },
  'not-found': { status: 404, again: false, title: 'There is nothing here' },
  'conflict': { status: 409, again: false, title: 'This id is taken' },
  'username-taken': { status: 409, again: false, title: 'This user name is taken' },
  'name-taken': { status: 409, again: false, title: 'This name is taken' },
  'archived': { status: 409, again: false, title: 'This room is archived' },
  'last-owner': { status: 409, again: false, title: 'The last owner cannot go' },
  'last-admin': { status: 409, again: false, title: 'The last administrator cannot go' },
  'stale': { status: 409, again: false, title: 'It has changed meanwhile' },
  'epoch-changed': { status: 409, again: false, title: 'The server was restored from a backup meanwhile' },
  'expired': { status: 410, again: false, title: 'This id is too old' },
  'too-large': { status: 413, again: false, title: 'This is too large' },
  'not-json': { status: 415, again: false, title: 'Only JSON is understood' },
  'unknown-recipient': { status: 422, again: false, title: 'A recipient is unknown or disabled' },
  'idempotency-mismatch': { status: 422, again: false, title: 'This key was used for another request' },
  'rate-limited': { status: 429, again: true, title: 'Too many requests' },
  'internal': { status: 500, again: false, title: 'Something went wrong at the server' },
  'unavailable': { status: 503, again: true, title: 'The database takes no changes now' },
  'busy': { status: 503, again: true, title: 'The server is busy' },
  'unknown': { status: 503, again: true, title: 'Whether this was stored is not known' },
  'shutting-down': { status: 503, again: true, title: 'The server is stopping' },
} as const satisfies Record<string, { status: number; again: boolean; title: string }>

export type RefusalCode = keyof typeof REFUSALS

/** A refusal as it crosses the wire; over HTTP these fields stand in the problem document. */
export interface RefusalBody {
  code: RefusalCode
  /** One sentence: what happened, what to do. */
  detail: string
  retryAfterMs?: number
  /** `stale`: the row as it is now. */
  row?: Record<string, unknown>
  /** `malformed`: which fields; `unknown-recipient`: which recipients. */
  errors?: { at: string; detail: string }[]
}
