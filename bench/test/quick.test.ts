import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url))
const WITHIN_MS = 60_000

test('the small benchmark runs all contestants, and nothing is lost', { timeout: WITHIN_MS }, async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [MAIN, '--quick'])
  for (const title of ['One message at a time', '256 messages in flight', 'waiting for its acknowledgement'])
    expect(stdout).toContain(title)
  for (const name of ['Belfry', 'ws', 'Socket.IO']) expect(stdout.match(new RegExp(`^  ${name} .*\\d`, 'gm'))).toHaveLength(3)
  expect(stdout).toMatch(/[\d,]+ deliveries were checked: none lost, none doubled, none out of order\./)
})
