import { fileURLToPath } from 'node:url'
import type { DialectName } from '#load/job.ts'
import type { PeopledFolder } from '#programs/belfry-server.ts'
import { freePort, type Program, startProgram } from '#programs/program.ts'
import { startRedis } from '#programs/redis.ts'
import type { Size } from '#scenarios.ts'

/** A program that is measured, in its own process. */
export interface Contestant {
  is: 'belfry' | 'least' | 'ws' | 'bun' | 'socket-io' | 'socket-io-redis' | 'django' | 'django-redis'
  name: string
  dialect: DialectName
  /** What it does and does not do, so that nobody compares the figures alone. */
  does: string
  /** Whether it takes part. */
  plays(size: Size): boolean
  start(run: Run): Promise<Running>
}

/** A contestant that this machine does not have. */
export interface Absent {
  name: string
  /** What to install. */
  needs: string
}

/** What a contestant may need for one run. */
export interface Run {
  people: PeopledFolder
  /** Not there yet, and thrown away after the run. */
  folder: string
}

/** It listens. `pids`: the processes whose time is counted, its Redis too where it has one. */
export interface Running extends AsyncDisposable {
  port: number
  pids: number[]
}

/** What all do that only pass on. */
export const KEEPS_NOTHING =
  'stores nothing, knows nobody, has no order that could be checked, resumes nothing: who was away has lost what was said'

/** A server of its own, by this command and its port. */
export async function startPeer(file: string, { by = process.execPath, more = [] as string[] } = {}): Promise<Program> {
  const port = await freePort()
  return startProgram([by, peerFile(file), String(port), ...more], { port })
}

export function peerFile(name: string): string {
  return fileURLToPath(new URL(`../peers/${name}`, import.meta.url))
}

export async function alone(program: Promise<Program>): Promise<Running> {
  const { pid, port, ...rest } = await program
  return { port, pids: [pid], ...rest }
}

/** Together with a Redis of its own, which it is told the address of. */
export async function besideRedis(start: (url: string) => Promise<Program>): Promise<Running> {
  await using started = new AsyncDisposableStack()
  const redis = started.use(await startRedis())
  const program = started.use(await start(redis.url))
  const kept = started.move()
  return { port: program.port, pids: [program.pid, redis.pid], [Symbol.asyncDispose]: () => kept.disposeAsync() }
}
