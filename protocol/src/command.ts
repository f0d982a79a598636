import { z } from 'zod'
import { PAGE_MAX_ITEMS } from './limits.ts'
import type { RefusalCode } from './refusals.ts'
import type { Route } from './routes.ts'
import { id, storable } from './text.ts'

/** What an API key may be made for. */
export const SCOPES = ['notify', 'metrics'] as const
export type Scope = (typeof SCOPES)[number]

/** `anyone`, a `person` who is signed in, an `admin` among them, or a program whose key has this scope. */
export type Right = 'anyone' | 'person' | 'admin' | `scope:${Scope}`

/** A command, but for its route. */
export interface Declared {
  /** One of these is enough. */
  may: Right | readonly Right[]
  summary: string
  input: z.ZodType
  result: z.ZodType
  refusals: readonly RefusalCode[]
  /** The answer holds a secret that is shown this once: it is kept for no `Idempotency-Key`. */
  answersSecret?: true
}

export type Command = Route & Declared

export function rightsOf({ may }: Pick<Declared, 'may'>): readonly Right[] {
  return typeof may === 'string' ? [may] : may
}

export const epoch = storable(64)
export const seq = z.int().nonnegative()
/** Numbers that may stand in a query string. */
export const number = z.coerce.number().int().positive()
export const limit = z.coerce.number().int().min(1).max(PAGE_MAX_ITEMS).optional()
/** Where in its topic an answer was read: rows beside the stream say it. */
export const readAt = { epoch, seq }

/** Ids, at most so many; in a query string separated by commas. */
export function idList(max: number) {
  return z.preprocess((value) => (typeof value === 'string' ? value.split(',') : value), z.array(id).min(1).max(max))
}
