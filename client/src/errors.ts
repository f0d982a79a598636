import { type RefusalBody, type RefusalCode, REFUSALS } from '@belfry/protocol/refusals.ts'

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

/** There is no connection, or it broke before the answer came. */
export class ConnectionLost extends Error {
  override readonly name = 'ConnectionLost'
  /** It was on its way already: whether it was done, or is done yet, is not known. */
  readonly wasSent: boolean

  constructor(message = 'There is no connection to the server.', { wasSent = false } = {}) {
    super(message)
    this.wasSent = wasSent
  }
}

const AGAIN_AFTER_MS = 1_000

/** In how many milliseconds what was refused may be asked again, unchanged; null: not at all, or it was no refusal. */
export function againInMs(error: unknown): number | null {
  if (!(error instanceof RefusalError) || !REFUSALS[error.code]?.again) return null
  return error.retryAfterMs ?? AGAIN_AFTER_MS
}
