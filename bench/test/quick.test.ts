import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { findRedis } from '#programs/find-program.ts'

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url))

test('the small benchmark runs all contestants that are here, says who is not, and nothing is lost', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [MAIN, '--quick'])
  const tables = (row: string) => stdout.match(new RegExp(`^  ${row} .* \\d+ %`, 'gm'))?.length ?? 0
  const tablesUnlessLeftOut = (name: string, row = name) => (stdout.includes(`  ${name} is left out: it needs`) ? 'left out' : tables(row))

  for (const title of ['One message at a time', 'in flight to', 'in flight in 10 rooms', 'waiting for its acknowledgement'])
    expect(stdout).toContain(title)
  expect(['Belfry', 'ws', 'Socket\\.IO [\\d.]+ '].map(tables)).toEqual([4, 4, 4])
  expect(tables('The least that stores')).toBe(3)
  expect(tablesUnlessLeftOut('Bun')).toBeOneOf([4, 'left out'])
  expect(tables('Socket\\.IO [\\d.]+ over Redis')).toBe(findRedis() === null ? 0 : 1)
  expect(tablesUnlessLeftOut('Django', 'Django .*, in memory')).toBeOneOf([3, 'left out'])
  for (const [figure, value] of [
    ['.* followers cut off .*: not delivered', '0 deliveries'],
    ['.* followers cut off .*: gave up', '0 people'],
    ['.* followers cut off .*: what was missed has come, p50', '[\\d.,]+ ms'],
    ['A restart under .*: not delivered', '0 deliveries'],
    ['A restart under .*: gave up', '0 people'],
    ['A restart under .*: back, p50', '[\\d.,]+ ms'],
    ['The room is opened, 1,000 messages', '[\\d.,]+ ms'],
  ])
    expect(stdout).toMatch(new RegExp(`^  ${figure} +${value}`, 'm'))
  expect(stdout).toMatch(/[\d,]+ deliveries were checked: none lost, none doubled, none out of order\./)
})
