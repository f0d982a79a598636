import type { Command, CommandName } from '@belfry/protocol/commands.ts'
import { REFUSALS, type RefusalCode } from '@belfry/protocol/refusals.ts'
import { keepsAnswer } from '#admit.ts'
import type { JsonSchema } from './openapi-rows.ts'

export const PROBLEM_SCHEMA: JsonSchema = {
  type: 'object',
  required: ['type', 'title', 'status', 'detail', 'code'],
  properties: {
    type: { type: 'string', description: '`urn:belfry:refusal:` and the code.' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string', description: 'One sentence: what happened, what to do.' },
    code: { type: 'string', enum: Object.keys(REFUSALS) },
    retryAfterMs: { type: 'integer', description: 'After how long the same request may succeed.' },
    row: { type: 'object', description: '`stale`: the row as it is now.' },
    errors: {
      type: 'array',
      description: '`malformed`: which fields; `unknown-recipient`: which recipients.',
      items: { type: 'object', required: ['at', 'detail'], properties: { at: { type: 'string' }, detail: { type: 'string' } } },
    },
  },
}

/** Every answer of a command, by status. */
export function answersOf(name: CommandName, command: Command, result: JsonSchema): Record<string, object> {
  const answers: Record<string, object> = {}
  for (const status of successes(name, command)) answers[status] = success(status, result)
  return { ...answers, ...refusalAnswers(refusalsOf(name, command)) }
}

/** Those of refusals, by status. */
export function refusalAnswers(codes: RefusalCode[]): Record<string, object> {
  const byStatus = Map.groupBy(codes, (code) => REFUSALS[code].status)
  return Object.fromEntries([...byStatus].map(([status, codes]) => [status, refusal(codes)]))
}

function successes(name: CommandName, { method }: Command): number[] {
  if (name === 'session.end') return [204]
  if (name === 'user.create') return [201]
  return method === 'POST' && name !== 'session.create' ? [201, 200] : [200]
}

const DESCRIPTIONS: Record<number, string> = { 200: 'Done; nothing new was made.', 201: 'Made.', 204: 'Done.' }

function success(status: number, result: JsonSchema): object {
  const description = DESCRIPTIONS[status]!
  return status === 204 ? { description } : { description, content: { 'application/json': { schema: result } } }
}

function refusalsOf(name: CommandName, command: Command): RefusalCode[] {
  const { may, method, refusals } = command
  const always: RefusalCode[] = ['malformed', 'rate-limited', 'internal', 'shutting-down', 'unavailable', 'busy']
  const ofRights: RefusalCode[] = may === 'anyone' ? [] : ['unauthenticated', 'forbidden']
  const ofChanges: RefusalCode[] = method === 'GET' ? [] : ['forbidden', 'too-large', 'not-json', 'unknown']
  const ofOnce: RefusalCode[] = keepsAnswer(name, command) ? ['idempotency-mismatch'] : []
  return [...new Set([...always, ...ofRights, ...ofChanges, ...ofOnce, ...refusals])]
}

function refusal(codes: RefusalCode[]): object {
  const schema = { allOf: [{ $ref: '#/components/schemas/Problem' }, { properties: { code: { enum: codes } } }] }
  return {
    description: codes.map((code) => `\`${code}\`: ${REFUSALS[code].title}.`).join(' '),
    content: { 'application/problem+json': { schema } },
  }
}
