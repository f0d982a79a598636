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

/**
 * The input of what changes a row: where it stands, or as of when, and what it is to become, of which one field at least is given. What is
 * misspelt is no field: it would change nothing and be answered as if it had.
 */
export function changeOf<Where extends z.ZodRawShape, To extends z.ZodRawShape>(where: Where, to: To) {
  const fields = Object.keys(to)
  const hint = `Nothing is to be changed: give at least one of ${fields.join(', ')}`
  return z.object({ ...where, ...to }).refine((input) => fields.some((field) => field in input), hint)
}

/** Ids, at most so many; in a query string separated by commas. */
export function idList(max: number) {
  return z.preprocess((value) => (typeof value === 'string' ? value.split(',') : value), z.array(id).min(1).max(max))
}
