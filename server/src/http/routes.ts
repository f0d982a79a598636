import { type Command, type CommandName, commands } from '@belfry/protocol/commands.ts'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Entered } from '#accounts/sign-in.ts'
import { call, type Calls, enter, entranceOf, isEntrance } from '#call.ts'
import { Refusal } from '#lib/refusal.ts'
import { bearerOf, type Callers } from './callers.ts'
import { signInCookie, signOutCookie, tokenInCookie } from './cookie.ts'

export const API = '/api/v1'

export interface RouteOptions extends Calls {
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

async function answer(options: RouteOptions, name: CommandName, exchange: Exchange): Promise<unknown> {
  const { request } = exchange
  const onceKey = onceKeyOf(request)
  if (!isLook(request)) requireOurPage(options.callers, name, request)
  const caller = await options.callers.callerOf(request.raw)
  const asked = { name, input: inputOf(request), caller, ...(onceKey !== null && { onceKey }) }
  if (entranceOf(asked)) return presentEntered(options.callers, { name, entered: await enter(options, asked) }, exchange)
  return present(options.callers, { name, result: await call(options, asked) }, exchange)
}

function isLook({ method }: FastifyRequest): boolean {
  return method === 'GET' || method === 'HEAD'
}

/** A browser sends its cookie along from any page: only ours may change something with it, or sign somebody in. */
function requireOurPage(callers: Callers, name: CommandName, request: FastifyRequest): void {
  if (bearerOf(request.raw) !== null && !isEntrance(name)) return
  const isOurs = callers.isOurOrigin(request.raw) && request.headers['sec-fetch-site'] !== 'cross-site'
  if (!isOurs) throw new Refusal('forbidden', 'This was sent by a page of another origin. If it is your own address, set BASE_URL to it.')
}

/** The path's parameters, with the query of a look or the body of a change: what changes something never stands in an address, which logs keep. */
function inputOf(request: FastifyRequest): unknown {
  const { params, query, body } = request
  if (body !== undefined && (typeof body !== 'object' || body === null || Array.isArray(body))) {
    throw new Refusal('malformed', 'The body must be a JSON object.')
  }
  const given = isLook(request) ? query : body
  return Object.assign({}, given, params)
}

const ONCE_KEY_MAX_CHARS = 255

function onceKeyOf({ method, headers }: FastifyRequest): string | null {
  const key = headers['idempotency-key']
  if (method !== 'POST' || key === undefined) return null
  if (typeof key === 'string' && key.length >= 1 && key.length <= ONCE_KEY_MAX_CHARS) return key
  throw new Refusal('malformed', `An Idempotency-Key has 1 to ${ONCE_KEY_MAX_CHARS} characters.`)
}

function present(callers: Callers, { name, result }: { name: CommandName; result: unknown }, { request, reply }: Exchange): unknown {
  if (name === 'session.end')
    return reply
      .header('set-cookie', signOutCookie(callers.schemeOf(request.raw)))
      .code(204)
      .send()
  if (name === 'me.get') renewCookie(callers, { request, reply })
  return reply.code(statusOf(name, result)).send(result)
}

/** The token goes into the cookie, and nowhere else. */
function presentEntered(
  callers: Callers,
  { name, entered }: { name: CommandName; entered: Entered },
  { request, reply }: Exchange,
): unknown {
  reply.header('set-cookie', signInCookie(entered.token, callers.schemeOf(request.raw)))
  return reply.code(name === 'user.create' ? 201 : 200).send(entered.user)
}

/** A session that is used lasts on, and its cookie with it. */
function renewCookie(callers: Callers, { request, reply }: Exchange): void {
  const scheme = callers.schemeOf(request.raw)
  const token = bearerOf(request.raw) === null ? tokenInCookie(request.raw, scheme) : null
  if (token !== null) reply.header('set-cookie', signInCookie(token, scheme))
}

/** 201 when something was made by this request or its first sending, 200 otherwise. */
function statusOf(name: CommandName, result: unknown): number {
  if (commands[name].method !== 'POST') return 200
  const { duplicate, items } = result as { duplicate?: true; items?: { duplicate: boolean }[] }
  return (duplicate ?? items?.every((item) => item.duplicate)) ? 200 : 201
}
