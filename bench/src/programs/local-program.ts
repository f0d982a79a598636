import { chownSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { childrenOf, hasEnded, isHeld } from './process-tree.ts'
import { freePort, type Program, startProgram, type User } from './program.ts'

/** Where a program runs: nothing of it is left when this process ends. */
export interface Place {
  folder: string
  port: number
  /** Who owns the folder. Left out: who runs this. */
  user?: User
}

interface Recipe extends Place {
  command: [path: string, ...args: string[]]
  /** Where it is reached. */
  url: string
  env?: Record<string, string>
  /** How it is asked to end, and how it ends at once. */
  endBy: NodeJS.Signals
  cutBy: NodeJS.Signals
  isReady?: () => boolean
}

const LOOK_EVERY_MS = 2
const REMOVED_WITHIN_MS = 3_000
/** Nobody changes it: one can wait on it, also where a process ends. */
const CLOCK = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT))

const folders = new Set<string>()
process.on('exit', () => folders.forEach(remove))

/** A folder and a port of its own for a program. */
export async function makePlace(name: string): Promise<Place> {
  const folder = mkdtempSync(join(tmpdir(), `belfry-${name}-`))
  folders.add(folder)
  const user = process.getuid?.() === 0 ? nobody() : null
  if (user) chownSync(folder, user.uid, user.gid)
  return { folder, port: await freePort(), ...(user && { user }) }
}

/** A program that this machine has, in a place of its own: it can be killed, held still, and started again there. */
export class LocalProgram implements AsyncDisposable {
  readonly #recipe: Recipe
  #program: Program | null = null

  static async start(recipe: Recipe): Promise<LocalProgram> {
    const program = new LocalProgram(recipe)
    await program.start()
    return program
  }

  private constructor(recipe: Recipe) {
    this.#recipe = recipe
  }

  get url(): string {
    return this.#recipe.url
  }

  get port(): number {
    return this.#recipe.port
  }

  get folder(): string {
    return this.#recipe.folder
  }

  get pid(): number {
    if (!this.#program) throw new Error('It does not run.')
    return this.#program.pid
  }

  get isRunning(): boolean {
    return this.#program !== null && !hasEnded(this.#program.pid)
  }

  /** Again, after it was ended: in the same folder, on the same port. `more` is in its environment this time. */
  async start(more: Record<string, string> = {}): Promise<void> {
    const { command, env, ...start } = this.#recipe
    this.#program = await startProgram(command, { ...start, env: { ...env, ...more } })
  }

  /** Ends it, at once unless another signal is named; resolves when it has ended. Its folder stays. */
  async kill(signal = this.#recipe.cutBy): Promise<void> {
    await this.#program?.end(signal)
    this.#program = null
  }

  /** Asks it to end, and starts it again once it has. `more` is in its environment then. */
  async restart(more: Record<string, string> = {}): Promise<void> {
    await this.kill(this.#recipe.endBy)
    await this.start(more)
  }

  /** As when its machine loses power: neither it nor any process that it has started does anything more. */
  async crash(): Promise<void> {
    this.pause()
    while (this.isRunning && !isHeld(this.pid)) await setTimeout(LOOK_EVERY_MS)
    // It starts no more of them, and nobody else gets their numbers. Some are not named while others end.
    for (let left = this.#running(); left.length > 0; left = this.#running()) {
      for (const child of left) process.kill(child, 'SIGKILL')
      await setTimeout(LOOK_EVERY_MS)
    }
    await this.kill('SIGKILL')
  }

  /** It keeps its port and its connections, and does nothing more, nor do its processes, until {@link resume}. */
  pause(): void {
    process.kill(this.pid, 'SIGSTOP')
    for (const child of childrenOf(this.pid)) signalIfThere(child, 'SIGSTOP')
  }

  resume(): void {
    for (const child of childrenOf(this.pid)) signalIfThere(child, 'SIGCONT')
    process.kill(this.pid, 'SIGCONT')
  }

  /** For good: its folder goes too. */
  async stop(): Promise<void> {
    if (this.isRunning) this.resume()
    await this.kill(this.#recipe.endBy)
    remove(this.folder)
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop()
  }

  /** What it has started, and has not ended. */
  #running(): number[] {
    return childrenOf(this.pid).filter((child) => !hasEnded(child))
  }
}

/** One that runs may end at any moment. */
function signalIfThere(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

/** Servers that refuse to run as root, or had better not, run as nobody then. */
function nobody(): User {
  const [, , uid, gid] = /^nobody:.*$/m.exec(readFileSync('/etc/passwd', 'utf8'))![0].split(':')
  return { uid: Number(uid), gid: Number(gid) }
}

/** Who writes there may be just ending. */
function remove(folder: string): void {
  const until = Date.now() + REMOVED_WITHIN_MS
  while (!triesToRemove(folder)) {
    if (Date.now() > until) throw new Error(`${folder} cannot be removed: something still writes there.`)
    Atomics.wait(CLOCK, 0, 0, LOOK_EVERY_MS)
  }
  folders.delete(folder)
}

/** Whether nothing is left: what a program had started may outlive it for a moment, and write there. */
function triesToRemove(folder: string): boolean {
  try {
    rmSync(folder, { recursive: true, force: true })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOTEMPTY') throw error
  }
  return !existsSync(folder)
}
