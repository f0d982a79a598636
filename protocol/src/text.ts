import { z } from 'zod'

// PostgreSQL refuses U+0000, and a lone surrogate survives no UTF-8: both are turned away before they meet a database.
// `\s` cannot say "a lone surrogate" portably; `isWellFormed` can.
const isStorable = (value: string) => !value.includes('\u0000') && value.isWellFormed()

/** Text of 1 to `max` UTF-16 code units without U+0000 and lone surrogates, not blank. */
export function text(max: number) {
  return z
    .string()
    .min(1)
    .max(max)
    .refine(isStorable, 'must not hold U+0000 or half a character')
    .refine((value) => value.trim() !== '', 'must not be blank')
}

/** An id as the server or a client makes it. */
export const id = z.string().regex(/^[0-9a-z-]{1,64}$/, 'must be an id')

/** An id that the caller made: a UUIDv7. */
export const newId = z.uuidv7()

/** Where a click leads: http(s), or a path on this server. Anything else (`javascript:`) could act as its reader. */
export function link(max: number) {
  return z.string().max(max).refine(isStorable, 'must not hold U+0000 or half a character').refine(isLink, 'must be an http(s) address or a path that begins with one /')
}

function isLink(value: string): boolean {
  if (/[\s\\]/.test(value)) return false
  if (value.startsWith('/')) return !value.startsWith('//')
  return /^https?:\/\//i.test(value) && URL.canParse(value)
}
