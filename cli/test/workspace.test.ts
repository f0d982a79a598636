import { afterEach, beforeEach, expect, test } from 'vitest'
import { Belfry } from './belfry.ts'

let belfry: Belfry
beforeEach(() => {
  belfry = new Belfry()
})
afterEach(() => belfry[Symbol.asyncDispose]())

test('the workspace is shown, and named anew; the server that runs knows at once', async () => {
  expect((await belfry.run(['workspace', 'show'])).stdout).toBe('Belfry\nWhoever has an invitation can make an account.\n')
  const { url } = await belfry.serve()
  const set = await belfry.run(['workspace', 'set', '--name', 'Example Inc.', '--sign-up', 'closed'])
  expect(set).toEqual({ code: 0, stdout: 'Example Inc.\nNobody can make an account by themselves.\n', stderr: '' })
  expect(await (await fetch(`${url}/api/v1/workspace`)).json()).toEqual({ name: 'Example Inc.', signUp: 'closed', isEmpty: true })
  expect(await belfry.json('workspace', 'show')).toMatchObject({ id: 'workspace', name: 'Example Inc.', signUp: 'closed' })
})

test('what is no setting is refused, and changes nothing', async () => {
  const before = await belfry.json('workspace', 'show')
  expect(await belfry.run(['workspace', 'set'])).toMatchObject({ code: 1, stderr: 'Say a new --name, a --sign-up mode, or both.\n' })
  expect(await belfry.run(['workspace', 'set', '--sign-up', 'maybe'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('open, invite, closed'),
  })
  expect(await belfry.run(['workspace', 'set', '--name', ' '])).toMatchObject({ code: 1, stderr: 'name: must not be blank.\n' })
  expect(await belfry.json('workspace', 'show')).toEqual(before)
})

test('rooms are listed with how many are in them', async () => {
  await belfry.hasUser('alice')
  await belfry.hasUser('bob')
  expect((await belfry.run(['room', 'list'])).stdout).toMatch(/^ID +NAME +KIND +MEMBERS +MESSAGES\ngeneral +General +open +2 +0\n$/)
  expect(await belfry.json('room', 'list')).toMatchObject({ items: [{ id: 'general', kind: 'open', members: 2, posted: 0 }], next: null })
})

test('what the data folder holds is said without a server, and beside one', async () => {
  await belfry.hasUser('alice')
  const facts = await belfry.json<{ database: { bytes: number } }>('server')
  expect(facts).toMatchObject({
    version: expect.stringMatching(/^\d+\.\d+\.\d+/),
    database: { at: belfry.dataDir, kind: 'sqlite' },
    users: 1,
    messages: 0,
  })
  expect(facts.database.bytes).toBeGreaterThan(10_000)
  await belfry.serve()
  expect((await belfry.run(['server'])).stdout).toMatch(/^Belfry \d.*\n.*\d MB, SQLite 3\..*\n1 account, 0 messages\n$/)
})
