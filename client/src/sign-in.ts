import type { Result } from '@belfry/protocol/commands.ts'
import type { RefusalBody } from '@belfry/protocol/refusals.ts'
import type { User } from '@belfry/protocol/rows.ts'
import { ConnectionLost, RefusalError } from './errors.ts'

export type WorkspaceInfo = Result<'workspace.get'>

/** Signing in goes over plain HTTP: its answer sets the session's cookie. All reject with `RefusalError` or `ConnectionLost`. */

export async function signIn(url: string, input: { username: string; password: string }): Promise<User> {
  return (await request(url, 'POST', '/session', input)) as User
}

/** Makes an account and signs it in. `invite`: the secret of an invitation, where one is needed ({@link workspaceInfo}). Without an answer it may have been made. */
export async function signUp(url: string, input: { username: string; password: string; name?: string; invite?: string }): Promise<User> {
  try {
    return (await request(url, 'POST', '/users', input)) as User
  } catch (error) {
    throw error instanceof ConnectionLost ? new ConnectionLost(error.message, { wasSent: true }) : error
  }
}

export async function signOut(url: string): Promise<void> {
  try {
    await request(url, 'DELETE', '/session')
  } catch (error) {
    if (!isSignedOut(error)) throw error
  }
}

/** Null when nobody is signed in. */
export async function whoAmI(url: string): Promise<User | null> {
  try {
    return (await request(url, 'GET', '/me')) as User
  } catch (error) {
    if (isSignedOut(error)) return null
    throw error
  }
}

/** What may be known without being signed in: the workspace's name, who may make an account, and whether nobody has one yet. */
export async function workspaceInfo(url: string): Promise<WorkspaceInfo> {
  return (await request(url, 'GET', '/workspace')) as WorkspaceInfo
}

type Method = 'GET' | 'POST' | 'DELETE'

async function request(url: string, ...[method, path, body]: [Method, string, unknown?]): Promise<unknown> {
  const json = body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
  const response = await reach(`${url}/api/v1${path}`, { method, credentials: 'same-origin', ...json })
  if (response.status === 204) return null
  const answer: unknown = await response.json().catch(() => null)
  if (response.ok) return answer
  throw new RefusalError(refusalIn(answer))
}

async function reach(address: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(address, init)
  } catch {
    throw new ConnectionLost('The server cannot be reached.')
  }
}

/** A proxy in between may answer with something else than a problem document. */
function refusalIn(answer: unknown): RefusalBody {
  if (typeof answer === 'object' && answer !== null && 'code' in answer) return answer as RefusalBody
  return { code: 'internal', detail: 'The server gave an answer that was not understood. Try again later.' }
}

function isSignedOut(error: unknown): boolean {
  return error instanceof RefusalError && error.code === 'unauthenticated'
}
