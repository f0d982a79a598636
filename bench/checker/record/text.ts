import { hash } from 'node:crypto'

const DIGEST_CHARS = 10

/** The words with which a message says whose it is, and which of theirs: `d3 17`. What follows them may change, they do not. */
export function saying(sender: string, count: number): string {
  return `${sender} ${count}`
}

/** Who said it, and which of theirs it is; null: it is blank, or nobody's of this run. */
export function saidIn(body: string): string | null {
  return /^[a-z]+\d+ \d+/.exec(body)?.[0] ?? null
}

/** Stands for a text: two that differ have another one. */
export function digestOf(text: string): string {
  return hash('sha1', text, 'base64url').slice(0, DIGEST_CHARS)
}
