import { beforeEach, expect, test, vi } from 'vitest'
import type { User } from '@belfry/protocol/rows.ts'
import { Session } from '#account/session.ts'

const ALICE = { id: 'alice-id', username: 'alice', name: 'Alice' } as User

/** Answers of the server that the test gives when it likes. */
const answers: ((answer: Response | Error) => void)[] = []

class SilentSocket {
  send(): void {}
  close(): void {}
}

beforeEach(() => {
  answers.length = 0
  vi.stubGlobal('addEventListener', () => undefined)
  vi.stubGlobal('WebSocket', SilentSocket)
  vi.stubGlobal(
    'fetch',
    () => new Promise((resolve, reject) => answers.push((answer) => (answer instanceof Error ? reject(answer) : resolve(answer)))),
  )
  return () => vi.unstubAllGlobals()
})

test('a server that answers with an error is not called unreachable', async () => {
  const session = new Session('http://belfry.example')
  answers[0]!(problem(503, 'internal', 'The database is away.'))
  await becomes(session, 'unreachable')
  const state = session.state.get()
  expect(state.is === 'unreachable' && state.refusal?.detail).toBe('The database is away.')
})

test('a network that does not carry is', async () => {
  const session = new Session('http://belfry.example')
  answers[0]!(new TypeError('Failed to fetch'))
  await becomes(session, 'unreachable')
  expect(session.state.get()).toEqual({ is: 'unreachable', refusal: null })
})

test('an answer that comes late does not undo a sign-in', async () => {
  const session = new Session('http://belfry.example')
  session.enter(ALICE)
  answers[0]!(problem(401, 'unauthenticated', 'Sign in first.'))
  await settled()
  expect(session.state.get()).toMatchObject({ is: 'signed-in', user: ALICE })
})

test('of two questions the later one is answered', async () => {
  const session = new Session('http://belfry.example')
  void session.ask()
  answers[1]!(Response.json(ALICE))
  await becomes(session, 'signed-in')
  const before = session.state.get()
  answers[0]!(Response.json({ ...ALICE, id: 'another' }))
  await settled()
  expect(session.state.get()).toBe(before)
})

test('signing out that was refused leaves one signed in, and says why', async () => {
  const session = new Session('http://belfry.example')
  session.enter(ALICE)
  const left = session.leave()
  answers[1]!(problem(503, 'internal', 'The database is away.'))
  await expect(left).rejects.toThrow('The database is away.')
  expect(session.state.get().is).toBe('signed-in')
})

test('signing out that worked forgets the account', async () => {
  const session = new Session('http://belfry.example')
  session.enter(ALICE)
  const left = session.leave()
  answers[1]!(new Response(null, { status: 204 }))
  await left
  expect(session.state.get()).toEqual({ is: 'signed-out' })
})

function problem(status: number, code: string, detail: string): Response {
  return Response.json({ code, detail, status, title: code }, { status })
}

async function becomes(session: Session, is: string): Promise<void> {
  await expect.poll(() => session.state.get().is).toBe(is)
}

/** Everything that was under way has been taken in. */
async function settled(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve))
}
