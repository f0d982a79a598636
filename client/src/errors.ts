import type { RefusalBody, RefusalCode } from '@belfry/protocol/refusals.ts'

/** The server's expected "no". `message` is its sentence. */
export class RefusalError extends Error {
  override readonly name = 'RefusalError'
  readonly code: RefusalCode
  readonly detail: string
  readonly retryAfterMs: number | null
  /** `stale`: the row as it is now. */
  readonly row: Record<string, unknown> | null
  /** Which fields or recipients are meant. */
  readonly errors: NonNullable<RefusalBody['errors']>

  constructor(body: RefusalBody) {
    super(body.detail)
    this.code = body.code
    this.detail = body.detail
    this.retryAfterMs = body.retryAfterMs ?? null
    this.row = body.row ?? null
    this.errors = body.errors ?? []
  }
}

/** There is no connection, or it broke before the answer came: whether it was done is not known. */
export class ConnectionLost extends Error {
  override readonly name = 'ConnectionLost'

  constructor(message = 'There is no connection to the server.') {
    super(message)
  }
}
