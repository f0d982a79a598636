import { ConnectionLost, RefusalError } from '@belfry/client/belfry.ts'

const UNREACHABLE = 'The server cannot be reached. Check your connection and try again.'
const UNANSWERED = 'The connection broke before the answer came.'

/** For the person who did something: the server's own sentence, or that it did not answer. What was on its way may be done: `then` says what to do about it. */
export function refusalWords(error: unknown, then = 'It may have been done all the same: look before you try again.'): string {
  return error instanceof ConnectionLost && error.wasSent ? `${UNANSWERED} ${then}` : lookedWords(error)
}

/** The same for who only looked: that is tried again whatever became of it. */
export function lookedWords(error: unknown): string {
  if (!(error instanceof RefusalError)) return UNREACHABLE
  if (error.code === 'rate-limited' && error.retryAfterMs) return `Too many tries. Wait ${waitWords(error.retryAfterMs)} and try again.`
  return sentence(error.detail)
}

function waitWords(ms: number): string {
  const seconds = Math.ceil(ms / 1000)
  if (seconds <= 90) return seconds === 1 ? 'a second' : `${seconds} seconds`
  return `${Math.ceil(seconds / 60)} minutes`
}

function sentence(detail: string): string {
  return /[.!?…]$/.test(detail) ? detail : `${detail}.`
}
