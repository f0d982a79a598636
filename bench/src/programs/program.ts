import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'

const LISTEN_WITHIN_MS = 60_000
const LOOK_EVERY_MS = 5
const STOP_WITHIN_MS = 60_000
const OUTPUT_KEPT_CHARS = 4_000

/** A server that was started for a run. */
export interface Program extends AsyncDisposable {
  pid: number
  port: number
  /** From its start until it listened. */
  startMs: number
  /** Sends it a signal that ends it; resolves when it has ended. */
  end(signal: NodeJS.Signals): Promise<void>
}

interface Start {
  port: number
  env?: Record<string, string>
  /** As whom it runs; left out: as whoever runs this. */
  user?: User
  /** By this signal it is asked to end. */
  endBy?: NodeJS.Signals
  /** By this one it ends at once, and all that it has started with it. */
  cutBy?: NodeJS.Signals
  /** Left out: it can be used as soon as it listens. */
  isReady?: () => boolean
}

export interface User {
  uid: number
  gid: number
}

const running = new Map<ChildProcess, NodeJS.Signals>()
process.on('exit', () => {
  for (const [child, signal] of running) {
    child.kill(signal)
    // One that was held still is to hear of it.
    child.kill('SIGCONT')
  }
})
// A terminal that is closed says SIGHUP.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(1))

/** Starts a program and resolves once it listens on the port. It is stopped, at the latest, with this process. */
export async function startProgram(command: [path: string, ...args: string[]], start: Start): Promise<Program> {
  const { port, env, user, endBy = 'SIGTERM', cutBy, isReady = () => true } = start
  const [path, ...args] = command
  const startedAt = performance.now()
  const child = spawn(path, args, { env: { ...surroundings(), ...env }, stdio: 'pipe', ...user })
  own(child, cutBy)
  const output = tail(child)
  const deadline = startedAt + LISTEN_WITHIN_MS
  while (!(isReady() && (await listens(port)))) {
    if (hasEnded(child) || performance.now() > deadline) throw new Error(`${command.join(' ')} did not listen.\n${output()}`)
    await wait(LOOK_EVERY_MS)
  }
  const end = (signal: NodeJS.Signals) => stop(child, signal)
  return { pid: child.pid!, port, startMs: performance.now() - startedAt, end, [Symbol.asyncDispose]: () => end(endBy) }
}

/** Of this process's environment only what any program needs: its settings are not the servers'. */
function surroundings(): NodeJS.ProcessEnv {
  const { PATH, HOME, TMPDIR } = process.env
  return { PATH, HOME, ...(TMPDIR && { TMPDIR }) }
}

/** Has it killed with this process, whatever happens. */
export function own(child: ChildProcess, cutBy: NodeJS.Signals = 'SIGKILL'): void {
  running.set(child, cutBy)
  child.once('exit', () => running.delete(child))
}

/** Below those that the system gives to whoever asks for any, which may be taken again before a program has begun to listen. */
const PORTS = { first: 10_000, count: 22_000 }
/** Each process begins elsewhere. */
const PORTS_APART = 199
let portsTried = 0

export async function freePort(): Promise<number> {
  for (;;) {
    portsTried += 1
    const port = PORTS.first + ((process.pid * PORTS_APART + portsTried) % PORTS.count)
    if (await isFree(port)) return port
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer()
  const isListening = new Promise<boolean>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => (error.code === 'EADDRINUSE' ? resolve(false) : reject(error)))
    server.listen(port, '127.0.0.1', () => resolve(true))
  })
  if (!(await isListening)) return false
  server.close()
  await once(server, 'close')
  return true
}

async function stop(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (hasEnded(child)) return
  const ended = once(child, 'exit')
  child.kill(signal)
  const late = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS)
  await ended
  clearTimeout(late)
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null
}

/** The last of what it says, for when it fails. */
function tail(child: ChildProcess): () => string {
  let said = ''
  for (const stream of [child.stdout!, child.stderr!]) stream.on('data', (text) => (said = (said + String(text)).slice(-OUTPUT_KEPT_CHARS)))
  return () => said
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port })
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
}
