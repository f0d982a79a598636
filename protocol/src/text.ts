import { z } from 'zod'
import { isBlank } from './blank.ts'
import { isOneLine } from './one-line.ts'

// PostgreSQL refuses U+0000, and a lone surrogate survives no UTF-8: both are turned away before they meet a database.
const isStorable = (value: string) => !value.includes('\u0000') && value.isWellFormed()

/** A string of at most `max` UTF-16 code units that any database takes. */
export function storable(max: number) {
  return z.string().max(max).refine(isStorable, 'must not hold U+0000 or half a character')
}

/** Text that says something: {@link storable}, and not blank. */
export function text(max: number) {
  return storable(max).refine((value) => !isBlank(value), 'must not be blank')
}

/** What somebody or something is called, as lists have it beside other names: {@link text} of one line. */
export function line(max: number) {
  return text(max).refine(isOneLine, 'must be one line, without characters that turn its direction')
}

/** An id as the server or a client makes it. */
export const id = z.string().regex(/^[0-9a-z-]{1,64}$/, 'must be an id')

/** An id that the caller made: a UUIDv7 in lower case, as two spellings would be two ids. */
export const newId = z.uuidv7('must be a UUIDv7').regex(/^[0-9a-f-]+$/, 'must be in lower case')

/** The longest sequence there is takes 35 bytes; so there is room for those to come. */
const EMOJI_MAX_CHARS = 64

/** One emoji as Unicode recommends it for interchange: with its variation selector, where it has one. */
export const emoji = storable(EMOJI_MAX_CHARS).refine((value) => /^\p{RGI_Emoji}$/v.test(value), 'must be one emoji')

/** Where a click leads: http(s), or a path on this server. Anything else (`javascript:`) could act as its reader. */
export function link(max: number) {
  return storable(max).refine(isLink, 'must be an http(s) address or a path that begins with one /')
}

function isLink(value: string): boolean {
  if (/[\s\\]/.test(value)) return false
  if (value.startsWith('/')) return !value.startsWith('//')
  return /^https?:\/\//i.test(value) && URL.canParse(value)
}
