import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { hashSecret } from '@belfry/server/lib/secrets.ts'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Belfry } from './belfry.ts'

let belfry: Belfry
beforeEach(() => {
  belfry = new Belfry()
})
afterEach(() => belfry[Symbol.asyncDispose]())

test('a new key stands alone on standard output, and only its hash in the database', async () => {
  const { code, stdout, stderr } = await belfry.run(['key', 'create', 'ci', '--scope', 'notify'])
  expect(code).toBe(0)
  expect(stdout).toMatch(/^bk_[\w-]{43}\n$/)
  expect(stderr).toContain('shown only now')
  const key = stdout.trim()
  expect(stderr).not.toContain(key)
  expect(belfry.query('SELECT name, hash, scopes FROM keys')).toEqual([{ name: 'ci', hash: hashSecret(key), scopes: 'notify' }])
  expect(readFileSync(join(belfry.dataDir, 'belfry.sqlite')).includes(key)).toBe(false)
})

test('with --json the new key is a field of the document, and of no other', async () => {
  const made = await belfry.json('key', 'create', 'ci', '--scope', 'notify')
  expect(made).toMatchObject({
    id: expect.any(String),
    name: 'ci',
    scopes: ['notify'],
    key: expect.stringMatching(/^bk_/),
    revokedAt: null,
  })
  expect(made).not.toHaveProperty('hash')
  const { key: _, ...shown } = made
  expect(await belfry.json('key', 'list')).toEqual({ items: [shown], next: null })
})

test('a key is revoked by its name or its id, and stays listed', async () => {
  await belfry.json('key', 'create', 'ci', '--scope', 'notify')
  const { id } = await belfry.json<{ id: string }>('key', 'create', 'cron', '--scope', 'notify')
  expect(await belfry.run(['key', 'revoke', 'ci'])).toMatchObject({ code: 0, stdout: 'The key ci opens nothing any more.\n' })
  expect(await belfry.json('key', 'revoke', id)).toMatchObject({ name: 'cron', revokedAt: expect.any(Number) })
  const { stdout } = await belfry.run(['key', 'list'])
  expect(stdout.match(/revoked \d{4}-/g)).toHaveLength(2)
})

test('what cannot be revoked is refused: unknown, revoked already, or one of two of a name', async () => {
  await belfry.json('key', 'create', 'ci', '--scope', 'notify')
  await belfry.json('key', 'create', 'ci', '--scope', 'notify')
  expect(await belfry.run(['key', 'revoke', 'cron'])).toMatchObject({
    code: 1,
    stderr: 'There is no standing key with the id or name cron.\n',
  })
  expect(await belfry.run(['key', 'revoke', 'ci'])).toMatchObject({ code: 1, stderr: expect.stringMatching(/^2 keys are named ci\./) })
})

test('a key without a scope, or with an unknown one, is wrong usage', async () => {
  expect(await belfry.run(['key', 'create', 'ci'])).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('--scope') })
  expect(await belfry.run(['key', 'create', 'ci', '--scope', 'all'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('There is: notify, metrics.'),
  })
  expect(await belfry.json('key', 'list')).toEqual({ items: [], next: null })
})
