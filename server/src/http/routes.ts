import { type Command, type CommandName, commands } from '@belfry/protocol/commands.ts'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Entered } from '#accounts/sign-in.ts'
import { call, type Rates } from '#call.ts'
import { Refusal } from '#lib/refusal.ts'
import type { Store } from '#store/store.ts'
import { bearerOf, type Callers } from './callers.ts'
import { signInCookie, signOutCookie, tokenInCookie } from './cookie.ts'

export const API = '/api/v1'

export interface RouteOptions {
  store: Store
  rates: Rates
  callers: Callers
}

/** Every command of the protocol by its REST route. */
export function addRoutes(app: FastifyInstance, options: RouteOptions): void {
  for (const [name, command] of Object.entries(commands) as [CommandName, Command][]) {
    app.route({ method: command.method, url: API + command.path, handler: (request, reply) => answer(options, name, { request, reply }) })
  }
}

interface Exchange {
  request: FastifyRequest
  reply: FastifyReply
}

async function answer(options: RouteOptions, name: CommandName, { request, reply }: Exchange): Promise<unknown> {
  const onceKey = onceKeyOf(request)
  if (request.method !== 'GET' && request.method !== 'HEAD') requireOurPage(options.callers, name, request)
  const caller = await options.callers.callerOf(request.raw)
  const result = await call(options, { name, input: inputOf(request), caller, ...(onceKey !== null && { onceKey }) })
  return present(options.callers, { name, result }, { request, reply })
}

/** A browser sends its cookie along from any page: only ours may change something with it, or sign somebody in. */
function requireOurPage(callers: Callers, name: CommandName, request: FastifyRequest): void {
  if (bearerOf(request.raw) !== null && !signsIn(name)) return
  const isOurs = callers.isOurOrigin(request.raw) && request.headers['sec-fetch-site'] !== 'cross-site'
  if (!isOurs) throw new Refusal('forbidden', 'This was sent by a page of another origin. If it is your own address, set BASE_URL to it.')
}

function signsIn(name: CommandName): name is 'session.create' | 'user.create' {
  return name === 'session.create' || name === 'user.create'
}

/** Path parameters, body and query are one input; the path wins. */
function inputOf({ params, query, body }: FastifyRequest): unknown {
  if (body !== undefined && (typeof body !== 'object' || body === null || Array.isArray(body))) {
    throw new Refusal('malformed', 'The body must be a JSON object.')
  }
  return { ...(query as object), ...body, ...(params as object) }
}

const ONCE_KEY_MAX_CHARS = 255

function onceKeyOf({ method, headers }: FastifyRequest): string | null {
  const key = headers['idempotency-key']
  if (method !== 'POST' || key === undefined) return null
  if (typeof key === 'string' && key.length >= 1 && key.length <= ONCE_KEY_MAX_CHARS) return key
  throw new Refusal('malformed', `An Idempotency-Key has 1 to ${ONCE_KEY_MAX_CHARS} characters.`)
}

function present(callers: Callers, { name, result }: { name: CommandName; result: unknown }, { request, reply }: Exchange): unknown {
  const scheme = callers.schemeOf(request.raw)
  if (name === 'session.end') return reply.header('set-cookie', signOutCookie(scheme)).code(204).send()
  reply.code(statusOf(name, result))
  if (name === 'me.get') renewCookie(callers, { request, reply })
  if (!signsIn(name)) return reply.send(result)
  const { user, token } = result as Entered
  return reply.header('set-cookie', signInCookie(token, scheme)).send(user)
}

/** A session that is used lasts on, and its cookie with it. */
function renewCookie(callers: Callers, { request, reply }: Exchange): void {
  const scheme = callers.schemeOf(request.raw)
  const token = bearerOf(request.raw) === null ? tokenInCookie(request.raw, scheme) : null
  if (token !== null) reply.header('set-cookie', signInCookie(token, scheme))
}

/** 201 when something was made by this request or its first sending, 200 otherwise. */
function statusOf(name: CommandName, result: unknown): number {
  if (commands[name].method !== 'POST' || name === 'session.create') return 200
  const { duplicate, items } = result as { duplicate?: true; items?: { duplicate: boolean }[] }
  return (duplicate ?? items?.every((item) => item.duplicate)) ? 200 : 201
}
