import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

/** Whether the README's start command really serves: health, a page, and an end with 0 at SIGTERM. Run by .ci/run. */

const START_WITHIN_MS = 60_000
const STOP_WITHIN_MS = 20_000

const folder = mkdtempSync(join(tmpdir(), 'belfry-smoke-'))
const origin = `http://localhost:${await freePort()}`
const npm = spawn('npm', ['start'], {
  env: { ...process.env, DATA_DIR: join(folder, 'data'), PORT: new URL(origin).port },
  stdio: ['ignore', 'inherit', 'inherit'],
  detached: true,
})

try {
  await answers('/health')
  await servesPage('/')
  await endsWell()
  console.log('smoke test: npm start serves, and SIGTERM ends it with 0')
} finally {
  killGroup(npm)
  rmSync(folder, { recursive: true, force: true })
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0)
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

async function answers(path: string): Promise<void> {
  const deadline = Date.now() + START_WITHIN_MS
  while (!(await isOk(path))) {
    if (npm.exitCode !== null) throw new Error(`npm start ended with ${npm.exitCode}.`)
    if (Date.now() > deadline) throw new Error(`${path} did not answer within ${START_WITHIN_MS} ms.`)
    await wait(100)
  }
}

async function isOk(path: string): Promise<boolean> {
  try {
    return (await fetch(origin + path)).ok
  } catch {
    return false
  }
}

async function servesPage(path: string): Promise<void> {
  const response = await fetch(origin + path, { headers: { accept: 'text/html' } })
  const type = response.headers.get('content-type') ?? ''
  const text = await response.text()
  if (!response.ok || !type.startsWith('text/html') || !text.includes('<script'))
    throw new Error(`${path} is no page: ${response.status} ${type}`)
}

async function endsWell(): Promise<void> {
  const ended = once(npm, 'exit', { signal: AbortSignal.timeout(STOP_WITHIN_MS) })
  npm.kill('SIGTERM')
  const [code, signal] = (await ended) as [number | null, string | null]
  if (code !== 0) throw new Error(`SIGTERM ended npm start with ${code ?? signal}, not with 0.`)
  if (await isOk('/health')) throw new Error('npm has ended, but the server still answers.')
}

/** What may be left over when the test failed. */
function killGroup({ pid }: ChildProcess): void {
  try {
    if (pid) process.kill(-pid, 'SIGKILL')
  } catch {
    // Nothing is left.
  }
}
