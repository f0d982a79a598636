import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { DatabaseSync } from 'node:sqlite'
import { text } from 'node:stream/consumers'

const SCRIPT = resolve(import.meta.dirname, '..', 'bin', 'belfry.js')

/** In which a shell counts the size of files. */
const BLOCK_BYTES = 512

export const PASSWORD = 'a long enough one'

export interface Ended {
  code: number | null
  stdout: string
  stderr: string
}

/** A data folder in a temporary place, and the real command line on it. */
export class Belfry implements AsyncDisposable {
  readonly #root = mkdtempSync(join(tmpdir(), 'belfry-cli-'))
  readonly #begun: ChildProcess[] = []
  readonly dataDir = join(this.#root, 'data')

  /** Runs one command to its end. `fileMaxBytes`: the disk takes no larger file of it. */
  async run(args: string[], with_: { input?: string; env?: Record<string, string>; fileMaxBytes?: number } = {}): Promise<Ended> {
    const child = this.#spawn(args, with_.env, with_.fileMaxBytes)
    child.stdin!.end(with_.input ?? '')
    const [stdout, stderr, [code]] = await Promise.all([text(child.stdout!), text(child.stderr!), once(child, 'close')])
    return { code: code as number | null, stdout, stderr }
  }

  /** Begins one command; it is killed, at the latest, with this. */
  begins(args: string[], env: Record<string, string> = {}): ChildProcess {
    const child = this.#spawn(args, env)
    this.#begun.push(child)
    return child
  }

  /** Runs one command that must succeed, and answers its JSON document. */
  async json<T = Record<string, unknown>>(...args: string[]): Promise<T> {
    const { code, stdout, stderr } = await this.run([...args, '--json'], { input: PASSWORD })
    if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}: ${stderr}`)
    return JSON.parse(stdout) as T
  }

  /** Makes an account whose password is {@link PASSWORD}. */
  async hasUser(username: string): Promise<{ id: string }> {
    return this.json('user', 'create', username, '--password-stdin')
  }

  /** Starts a server on a free port and waits until it listens. */
  async serve(env: Record<string, string> = {}): Promise<Server> {
    const child = this.#spawn(['serve'], env)
    this.#begun.push(child)
    const stderr = text(child.stderr!)
    const output: string[] = []
    const lines = createInterface({ input: child.stdout! })
    const url = await new Promise<string | null>((resolve) => {
      lines.on('close', () => resolve(null))
      lines.on('line', (line) => {
        output.push(line)
        const { url } = JSON.parse(line) as { url?: string }
        if (url) resolve(url)
      })
    })
    if (!url) throw new Error(`The server did not start: ${output.join('\n')}\n${await stderr}`)
    return { child, url, output, end: (signal) => endOf(child, signal) }
  }

  query<Row>(sql: string, ...parameters: (string | number)[]): Row[] {
    const file = new DatabaseSync(join(this.dataDir, 'belfry.sqlite'), { readOnly: true })
    try {
      return file.prepare(sql).all(...parameters) as Row[]
    } finally {
      file.close()
    }
  }

  /** Puts into the file what no command makes so many of. */
  writes(write: (file: DatabaseSync) => void): void {
    const file = new DatabaseSync(join(this.dataDir, 'belfry.sqlite'))
    try {
      write(file)
    } finally {
      file.close()
    }
  }

  path(name: string): string {
    return join(this.#root, name)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const child of this.#begun) await endOf(child, 'SIGKILL')
    rmSync(this.#root, { recursive: true, force: true })
  }

  #spawn(args: string[], env: Record<string, string> = {}, fileMaxBytes: number | null = null): ChildProcess {
    const settings = { DATA_DIR: this.dataDir, WEB: 'off', PORT: '0', LOG_LEVEL: 'info', ...env }
    const bounded = fileMaxBytes === null ? [] : ['sh', '-c', `trap '' XFSZ; ulimit -f ${fileMaxBytes / BLOCK_BYTES}; exec "$@"`, 'sh']
    const [command, ...rest] = [...bounded, process.execPath, SCRIPT, ...args]
    return spawn(command!, rest, { env: { PATH: process.env.PATH, ...settings }, stdio: 'pipe' })
  }
}

/** `output`: the lines of its log so far. */
export interface Server {
  child: ChildProcess
  url: string
  output: string[]
  end(signal: NodeJS.Signals): Promise<{ code: number | null; signal: NodeJS.Signals | null }>
}

async function endOf(child: ChildProcess, signal: NodeJS.Signals): Promise<{ code: number | null; signal: NodeJS.Signals | null }> {
  if (child.exitCode === null && child.signalCode === null) {
    const ended = once(child, 'close')
    child.kill(signal)
    await ended
  }
  return { code: child.exitCode, signal: child.signalCode }
}
