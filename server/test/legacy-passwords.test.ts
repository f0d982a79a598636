import { pbkdf2Sync } from 'node:crypto'
import { stat } from 'node:fs/promises'
import type { User } from '@belfry/protocol/rows.ts'
import { expect, test } from 'vitest'
import { hashPassword, LEGACY_ITERATIONS_MAX, legacyIterations, verifyAsForOthers, verifyPassword } from '#accounts/passwords.ts'
import { type Entered, signIn } from '#accounts/sign-in.ts'
import { refusal, World } from './world.ts'

/** Made by Django 3.2. */
const PRACHIS = 'pbkdf2_sha256$260000$BW37rpUe9YCBclEP6MRXHN$/KsAyiy5L7ypk+jJz2S78ZiQ2mNeY/JV+csccXxIo7g='
const PASSWORD = 'prachi-pass-2026'

test("Django's hashes are verified as they are", async () => {
  expect(legacyIterations(PRACHIS)).toBe(260_000)
  expect(await verifyPassword(PASSWORD, PRACHIS)).toBe(true)
  expect(await verifyPassword('prachi-pass-2025', PRACHIS)).toBe(false)
  const decomposed = 'cafe\u0301 au lait'
  expect(await verifyPassword(decomposed, djangoHash(decomposed))).toBe(true)
})

test('what is no such hash, or would hold up everybody, is never verified', async () => {
  const costly = PRACHIS.replace('260000', String(LEGACY_ITERATIONS_MAX + 1))
  const others = [costly, PRACHIS.replace('260000', '0'), PRACHIS.slice(0, -1), PRACHIS.replace('sha256', 'sha1'), `!${PRACHIS}`, '']
  for (const hash of others) {
    expect(legacyIterations(hash)).toBeNull()
    expect(await verifyPassword(PASSWORD, hash)).toBe(false)
  }
})

test('the first sign-in replaces the hash by our own, a wrong password does not', async () => {
  await using world = await World.open()
  await world.operates('user.create', { username: 'prachi', passwordHash: PRACHIS })
  expect(await refusal(enters(world, 'prachi', 'wrong'))).toBe('wrong-credentials')
  expect(await hashes(world)).toEqual([PRACHIS])
  await enters(world, 'prachi', PASSWORD)
  const [renewed] = await hashes(world)
  expect(renewed).toMatch(/^\$argon2id\$/)
  await enters(world, 'prachi', PASSWORD)
  expect(await hashes(world)).toEqual([renewed])
})

test('two devices that sign in at once are both let in', async () => {
  await using world = await World.open()
  await world.operates('user.create', { username: 'prachi', passwordHash: djangoHash(PASSWORD) })
  const entered = await Promise.all([enters(world, 'prachi', PASSWORD), enters(world, 'prachi', PASSWORD)])
  expect(new Set(entered.map(({ token }) => token)).size).toBe(2)
  expect(await verifyPassword(PASSWORD, (await hashes(world))[0]!)).toBe(true)
})

test('a password that was changed meanwhile stays', async () => {
  await using world = await World.open()
  const user = await world.operates<User>('user.create', { username: 'prachi', passwordHash: 'another' })
  const renewal = { userId: user.id, from: PRACHIS, to: await hashPassword(PASSWORD) }
  expect(await world.operates('password.renew', renewal)).toBe('another')
  expect(await hashes(world)).toEqual(['another'])
})

test('a refusal takes as much work whatever the account, or none, while a costlier hash stands', async () => {
  await using world = await World.open()
  const iterations = 400_000
  await world.operates('user.create', { username: 'prachi', passwordHash: djangoHash(PASSWORD, iterations) })
  await world.operates('user.create', { username: 'aman', passwordHash: djangoHash(PASSWORD, iterations / 4) })
  await world.operates('user.create', { username: 'alice', passwordHash: await hashPassword(PASSWORD) })
  const took = await leastWork(world, ['prachi', 'aman', 'alice', 'nobody'])
  expect(spreadOf(took)).toBeLessThan(NEAR)
})

test('a disabled account whose old hash stands costs what any other does, with the right password too', async () => {
  await using world = await World.open()
  const iterations = 30_000
  const prachi = await world.operates<User>('user.create', { username: 'prachi', passwordHash: djangoHash('wrong', iterations) })
  await world.operates('user.create', { username: 'aman', passwordHash: djangoHash(PASSWORD, iterations) })
  await world.disables(prachi)
  const took = await leastWork(world, ['prachi', 'aman', 'nobody'])
  expect(spreadOf(took)).toBeLessThan(NEAR)
  expect((await hashes(world)).every((hash) => legacyIterations(hash) === iterations)).toBe(true)
})

test('while passwords are checked, files are read', async () => {
  const costly = djangoHash(PASSWORD, 200_000)
  const ended: string[] = []
  const checks = Array.from({ length: 6 }, () => verifyPassword(PASSWORD, costly).then(() => ended.push('a check')))
  await stat(import.meta.filename).then(() => ended.push('a file'))
  await Promise.all(checks)
  expect(ended[0]).toBe('a file')
})

test('[P4] passwords that wait to be checked are bounded, and fewer may wait while an old hash stands', async () => {
  const check = (iterationsMax: number) => refusal(verifyAsForOthers('wrong', { hash: null, iterationsMax }))
  const legacy = await Promise.all(Array.from({ length: 2 + 20 + 1 }, () => check(1_000)))
  expect(legacy).toEqual([...Array(2 + 20).fill('done'), 'busy'])
  const own = await Promise.all(Array.from({ length: 2 + 100 + 1 }, () => check(0)))
  expect(own).toEqual([...Array(2 + 100).fill('done'), 'busy'])
})

const TRIES = { least: 5, most: 25 }
const NEAR = 1.45

function spreadOf(took: number[]): number {
  return Math.max(...took) / Math.min(...took)
}

/** Processor time of a refusal by each; the least of several, and of more where a busy machine has had a hand in it: a real difference stays. */
async function leastWork(world: World, usernames: string[]): Promise<number[]> {
  const least = usernames.map(() => Infinity)
  for (let tries = 0; tries < TRIES.least || (tries < TRIES.most && spreadOf(least) >= NEAR); tries++) {
    for (const [at, username] of usernames.entries()) {
      const before = process.cpuUsage()
      expect(await refusal(enters(world, username, 'wrong'))).toBe('wrong-credentials')
      const { user, system } = process.cpuUsage(before)
      least[at] = Math.min(least[at]!, user + system)
    }
  }
  return least
}

function enters(world: World, username: string, password: string): Promise<Entered> {
  return signIn(world.store, { username, password, device: 'x' })
}

async function hashes(world: World): Promise<string[]> {
  return (await world.table('passwords')).map(({ hash }) => hash)
}

function djangoHash(password: string, iterations = 1_000): string {
  const salt = 'saltsaltsalt'
  return `pbkdf2_sha256$${iterations}$${salt}$${pbkdf2Sync(password, salt, iterations, 32, 'sha256').toString('base64')}`
}
