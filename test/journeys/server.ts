import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'
import { createInterface } from 'node:readline'

export const ROOT = resolve(import.meta.dirname, '..', '..')
export const BELFRY = resolve(ROOT, 'cli', 'bin', 'belfry.js')

const LISTENS_WITHIN_MS = 180_000
const STOPS_WITHIN_MS = 60_000

/** Wide enough for a story told at a machine's speed; a journey about a limit sets its own. */
const WIDE = {
  MESSAGES_BURST: '10000',
  MESSAGES_PER_SECOND: '10000',
  SIGN_INS_BURST: '1000',
  SIGN_INS_PER_SECOND: '1000',
}

export type Settings = Record<string, string>

/** A machine that knows nothing of tests: the test runner sets variables that mean something else here. */
export function environment(settings: Settings): NodeJS.ProcessEnv {
  const { PATH, HOME, TZ } = process.env
  return { PATH, HOME, TZ, ...settings }
}

/** `belfry serve` as a process of its own. It can be killed and started again on the same data, then at another port. */
export class Server implements AsyncDisposable {
  readonly #env: NodeJS.ProcessEnv
  #child: ChildProcess | null = null
  #url = ''

  constructor(folder: string, settings: Settings = {}) {
    this.#env = environment({ ...WIDE, ...settings, DATA_DIR: folder, PORT: '0' })
  }

  get url(): string {
    return this.#url
  }

  get port(): number {
    return Number(new URL(this.#url).port)
  }

  async start(): Promise<void> {
    const child = spawn(process.execPath, [BELFRY, 'serve'], { cwd: ROOT, env: this.#env, stdio: ['ignore', 'pipe', 'inherit'] })
    this.#child = child
    this.#url = await addressSaidBy(child)
  }

  /** SIGKILL: nothing is said, nothing is finished. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL')
  }

  async stop(): Promise<void> {
    const code = await this.#end('SIGTERM')
    if (code !== 0) throw new Error(`The server ended with ${code} at SIGTERM.`)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child) await this.kill()
  }

  async #end(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null> {
    const child = this.#child
    this.#child = null
    if (!child || child.exitCode !== null) return child?.exitCode ?? null
    const ended = once(child, 'exit', { signal: AbortSignal.timeout(STOPS_WITHIN_MS) })
    child.kill(signal)
    const [code] = (await ended) as [number | null]
    return code
  }
}

/** The log says it in a line of JSON. */
async function addressSaidBy(child: ChildProcess): Promise<string> {
  const lines = createInterface({ input: child.stdout!, signal: AbortSignal.timeout(LISTENS_WITHIN_MS) })
  for await (const line of lines) {
    const { url } = JSON.parse(line) as { url?: string }
    if (!url) continue
    child.stdout!.resume()
    return url
  }
  throw new Error('The server ended without saying where it listens; what it said stands above.')
}
