import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const MAIN = fileURLToPath(new URL('../../checker/main.ts', import.meta.url))
const WITHIN_MS = 300_000

test('without what several nodes need, the checker says which packages have it', () => {
  const env = { ...process.env, PATH: '/nowhere' }
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN], { encoding: 'utf8', env, timeout: WITHIN_MS })
  expect(status).toBe(1)
  expect(stdout).toBe('')
  expect(stderr).toMatch(/^More than one node needs programs that this machine does not have: apt-get install .*redis-server\n$/)
})
