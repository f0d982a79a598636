import type { RefusalBody } from '@belfry/protocol/refusals.ts'
import { type CommandName, ROUTES } from '@belfry/protocol/routes.ts'
import type { World } from './world.ts'

/** Where a request goes, and whose it is: with a token, or with the browser's cookie. */
export interface Recipient {
  url: string
  token: string | undefined
  signal: AbortSignal
}

export type Answer = { result: unknown } | { refusal: RefusalBody }

/** Runs a command by its route. Rejects when no answer came that is the server's: whether it was done is not known then. */
export async function callOverHttp(world: World, to: Recipient, call: { name: string; input?: unknown }): Promise<Answer> {
  if (!Object.hasOwn(ROUTES, call.name)) return { refusal: { code: 'malformed', detail: `There is no command named ${call.name}.` } }
  const { method, path, body } = requestOf(call.name as CommandName, (call.input ?? {}) as Record<string, unknown>)
  const response = await ask(world, to, { method, path, ...(body !== undefined && { body }) })
  if (response.status === 204) return { result: null }
  if (!response.ok) return { refusal: await refusalIn(response) }
  return { result: await response.json() }
}

export function ask(world: World, to: Recipient, request: { method: string; path: string; body?: string }): Promise<Response> {
  const { method, path, body } = request
  const headers: Record<string, string> = {}
  if (to.token !== undefined) headers['authorization'] = `Bearer ${to.token}`
  if (body !== undefined) headers['content-type'] = 'application/json'
  const init: RequestInit = { method, headers, signal: to.signal, credentials: 'same-origin', cache: 'no-store' }
  return world.fetch!(`${to.url}/api/v1${path}`, { ...init, ...(body !== undefined && { body }) })
}

/** What stands in between and does not let a request pass has refused it as well. Rejects for its failures: the server may have got it all the same. */
export async function refusalIn(response: Response): Promise<RefusalBody> {
  const problem: unknown = await response.json().catch(() => null)
  if (typeof problem === 'object' && problem !== null && 'code' in problem && 'detail' in problem) return problem as RefusalBody
  if (response.status >= 500) throw new Error('This is no refusal of the server.')
  return { code: 'internal', detail: `Something between here and the server did not let this through (${response.status}).` }
}

/** The path takes its parameters from the input; the rest of it is the query of what only looks, the body of what changes. */
export function requestOf(name: CommandName, input: Record<string, unknown>): { method: string; path: string; body?: string } {
  const { method, path } = ROUTES[name]
  const rest = new Map(Object.entries(input).filter(([, value]) => value !== undefined))
  const filled = path.replaceAll(/:(\w+)/g, (_, parameter: string) => {
    const value = rest.get(parameter)
    rest.delete(parameter)
    return encodeURIComponent(String(value))
  })
  if (rest.size === 0) return { method, path: filled }
  if (method !== 'GET') return { method, path: filled, body: JSON.stringify(Object.fromEntries(rest)) }
  // A list becomes one parameter, its items separated by commas.
  const query = new URLSearchParams([...rest].map(([key, value]) => [key, String(value)]))
  return { method, path: `${filled}?${query.toString()}` }
}
