import { REFUSALS, type RefusalBody, type RefusalCode } from '@belfry/protocol/refusals.ts'
import type { FastifyReply } from 'fastify'
import { Refusal } from '#lib/refusal.ts'

/** A refusal over HTTP, as RFC 9457 has it. */
export interface Problem extends RefusalBody {
  type: string
  title: string
  status: number
}

export const PROBLEM_TYPE = 'urn:belfry:refusal:'

/** `status`: where HTTP itself knows better than the refusal's code, such as 405. */
export function problemOf(body: RefusalBody, status: number = REFUSALS[body.code].status): Problem {
  return { type: PROBLEM_TYPE + body.code, title: REFUSALS[body.code].title, status, ...body }
}

export function sendProblem(reply: FastifyReply, problem: Problem): FastifyReply {
  if (problem.retryAfterMs !== undefined) reply.header('retry-after', Math.ceil(problem.retryAfterMs / 1000))
  if (problem.status === 401) reply.header('www-authenticate', 'Bearer')
  return reply.code(problem.status).header('cache-control', 'no-store').type('application/problem+json').send(JSON.stringify(problem))
}

/** Answers whatever was thrown. What nobody expected is logged, and tells the caller nothing. */
export function answerError(error: unknown, reply: FastifyReply): FastifyReply {
  return sendProblem(reply, problemOf(bodyOf(error, reply)))
}

function bodyOf(error: unknown, reply: FastifyReply): RefusalBody {
  if (error instanceof Refusal) return error.body
  const known = refusalOfFastify(error)
  if (known) return known
  reply.log.error({ err: error }, 'a request failed')
  return { code: 'internal', detail: `Something went wrong at the server. Its log says more, under the request ${reply.request.id}.` }
}

const BY_STATUS: Record<number, { code: RefusalCode; detail: string }> = {
  400: { code: 'malformed', detail: 'The body is no valid JSON.' },
  403: { code: 'not-found', detail: 'There is nothing at this address.' },
  404: { code: 'not-found', detail: 'There is nothing at this address.' },
  413: { code: 'too-large', detail: 'The body is larger than the server takes.' },
  414: { code: 'not-found', detail: 'There is nothing at this address.' },
  415: { code: 'not-json', detail: 'Send the body as JSON, with the header Content-Type: application/json.' },
}

/** What Fastify refuses by itself before a command is called. */
function refusalOfFastify(error: unknown): RefusalBody | null {
  if (!(error instanceof Error) || !('statusCode' in error)) return null
  if ('code' in error && error.code === 'FST_ERR_BAD_URL') return { code: 'malformed', detail: 'The address is not validly encoded.' }
  return BY_STATUS[Number(error.statusCode)] ?? null
}
