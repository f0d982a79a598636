import { issueWords } from '@belfry/server/lib/issue-words.ts'
import { Refusal } from '@belfry/server/lib/refusal.ts'
import type { z } from 'zod'

/** What was given, as the schema takes it. Refusal: malformed, which says where and why. */
export function accept<Schema extends z.ZodType>(schema: Schema, given: unknown, name = ''): z.output<Schema> {
  const result = schema.safeParse(given)
  if (result.success) return result.data
  const { at, detail } = objection(result.error.issues[0]!)
  const where = [name, ...at].filter((part) => part !== '').join('.')
  throw new Refusal('malformed', `${where ? `${where}: ` : ''}${detail}.`)
}

/** Of a union's objections, the last alternative's: the others are simpler forms of it. */
function objection(issue: z.core.$ZodIssue): { at: string[]; detail: string } {
  const inner = issue.code === 'invalid_union' ? issue.errors.at(-1)?.[0] : undefined
  const at = issue.path.map(String)
  if (!inner) return { at, detail: issueWords(issue) }
  const nested = objection(inner)
  return { at: [...at, ...nested.at], detail: nested.detail }
}
