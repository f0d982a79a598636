import { RefusalError } from '@belfry/client/belfry.ts'

const UNREACHABLE = 'The server cannot be reached. Check your connection and try again.'

/** One sentence for the person who asked: the server's own, or that it did not answer. */
export function refusalWords(error: unknown): string {
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
