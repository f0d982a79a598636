/** Who asks which server over HTTP. */
export interface As {
  port: number
  token: string
}

/** What is answered. Throws where that is a refusal. `patch`: to change something. */
export async function ask<T>({ port, token }: As, path: string, patch?: object): Promise<T> {
  const headers = { 'authorization': `Bearer ${token}`, 'content-type': 'application/json' }
  const what = patch ? { method: 'PATCH', headers, body: JSON.stringify(patch) } : { headers }
  const answer = await fetch(`http://127.0.0.1:${port}/api/v1${path}`, what)
  if (!answer.ok) throw new Error(`${path} was answered with ${answer.status}.`)
  return (await answer.json()) as T
}

/** At least so many messages are asked for, and are there. */
const PAGE = 50

/** A page of a room's history. */
export async function askForPage(as: As, room: string, query: string): Promise<void> {
  const { items } = await ask<{ items: unknown[] }>(as, `/rooms/${room}/messages?${query}`)
  if (items.length < PAGE) throw new Error(`A page with ${items.length} messages came.`)
}

/** How long it takes, milliseconds. */
export async function msOf(act: () => Promise<void>): Promise<number> {
  const startedAt = performance.now()
  await act()
  return performance.now() - startedAt
}
