import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { findPostgres, findProgram, findRedis } from '#programs/find-program.ts'
import { own } from '#programs/program.ts'

const MAIN = fileURLToPath(new URL('../src/cluster.ts', import.meta.url))
const isMissing = [findPostgres(), findRedis(), findProgram('nginx'), findProgram('openssl')].includes(null)
const WITHIN_MS = 300_000
const ENDED_WITHIN_MS = 60_000
/** PostgreSQL does not run as root. */
const OPEN_TO_ALL = 0o777

test.skipIf(isMissing).each([
  { by: 'Ctrl+C', signal: 'SIGINT', exits: 0 },
  { by: 'closing the terminal', signal: 'SIGHUP', exits: 1 },
] as const)('the cluster to try out serves at its address; $by ends all that it started', async ({ signal, exits }) => {
  const folder = mkdtempSync(join(tmpdir(), 'belfry-test-'))
  chmodSync(folder, OPEN_TO_ALL)
  const env = { ...process.env, WEB: 'off', TMPDIR: folder, NODE_DISABLE_COMPILE_CACHE: '1' }
  const cluster = spawn(process.execPath, [MAIN], { env, stdio: ['ignore', 'pipe', 'inherit'], detached: true })
  own(cluster, 'SIGINT')
  let said = ''
  for await (const piece of cluster.stdout) {
    said += String(piece)
    if (said.includes('Ctrl+C')) break
  }
  const urls = said.match(/http:\S+\d/g)!
  const health = await Promise.all(urls.map(async (url) => (await fetch(`${url}/health`)).json()))
  expect(health).toEqual(Array.from({ length: 2 }, () => expect.objectContaining({ status: 'ok', bus: 'ok' })))
  expect(new Set(health.map(({ epoch }) => epoch)).size).toBe(1)

  // As a terminal does: to all that it has started.
  process.kill(-cluster.pid!, signal)
  expect(await once(cluster, 'exit')).toEqual([exits, null])
  const pids = [...said.matchAll(/process (\d+)/g)].map(([, pid]) => Number(pid))
  expect(pids).toHaveLength(4)
  await expect.poll(() => pids.filter(isRunning), { timeout: ENDED_WITHIN_MS }).toEqual([])
  expect(readdirSync(folder)).toEqual([])
  rmSync(folder, { recursive: true })
})

test.each([
  { args: ['--help'], exits: 0, says: /^npm run cluster\n/, complains: /^$/ },
  { args: ['--nodes', '3'], exits: 2, says: /^$/, complains: /^--nodes 3: no arguments are taken\.\nnpm run cluster\n/ },
])('asked for with $args it starts nothing', ({ args, exits, says, complains }) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...args], { encoding: 'utf8', timeout: WITHIN_MS })
  expect(status).toBe(exits)
  expect(stdout).toMatch(says)
  expect(stderr).toMatch(complains)
})

test('without its programs it says which packages have them', () => {
  const env = { ...process.env, PATH: '/nowhere' }
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN], { encoding: 'utf8', env, timeout: WITHIN_MS })
  expect(status).toBe(1)
  expect(stdout).toBe('')
  expect(stderr).toMatch(/^A cluster needs programs that this machine does not have: apt-get install .*redis-server.* openssl\n$/)
})

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
