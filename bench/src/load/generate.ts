import { setTimeout as wait } from 'node:timers/promises'
import { belfry } from '#dialects/belfry.ts'
import type { Dialect } from '#dialects/dialect.ts'
import { socketIo } from '#dialects/socket-io.ts'
import { wsLoop } from '#dialects/ws-loop.ts'
import { cpuSeconds } from '#process-usage.ts'
import { answer } from './answer.ts'
import { type Crowd, gather } from './crowd.ts'
import type { DialectName, Job, JobResult } from './job.ts'
import type { Rooms } from './rooms.ts'
import { run } from './shapes.ts'

/** The load generator: a process of its own, which does one job, checks all that it receives, and ends. */

const DIALECTS: Record<DialectName, Dialect> = { 'belfry': belfry, 'ws-loop': wsLoop, 'socket-io': socketIo }

/** Without any progress for so long, something is lost. */
const PATIENCE_MS = 60_000
const LOOK_EVERY_MS = 50
/** So long is waited for what is in flight at the end, while it still moves. */
const ARRIVED_WITHIN_MS = 6_000
const MOVED_WITHIN_MS = 1_000
/** A message that comes twice comes within this time after the last one. */
const SILENCE_MS = 100

answer(work)

async function work(job: Job): Promise<JobResult> {
  const crowd = await gather(DIALECTS[job.dialect], job)
  using _ = watch(crowd)
  const usage = new Usage(job.serverPids, crowd.rooms)
  const figures = await run(crowd, job.shape, usage)
  const isWhole = await arrives(crowd)
  if (isWhole) await requireEverything(crowd)
  crowd.close()
  const { deliveries, bytes, messages } = crowd.rooms
  return { figures, deliveries, isWhole, bytesPerDelivery: bytes / messages, ...usage.shares() }
}

/** Fails the run when nothing moves any more, instead of waiting for what is lost. */
function watch(crowd: Crowd): Disposable {
  let [progress, progressAt] = [-1, Date.now()]
  const timer = setInterval(() => {
    const { posted, complete, acknowledged } = standOf(crowd)
    const now = crowd.rooms.deliveries + acknowledged
    if (now !== progress) [progress, progressAt] = [now, Date.now()]
    if (Date.now() - progressAt < PATIENCE_MS) return
    throw new Error(`Of ${posted} messages ${complete} reached everybody, ${acknowledged} were acknowledged, and nothing moves any more.`)
  }, LOOK_EVERY_MS)
  return { [Symbol.dispose]: () => clearInterval(timer) }
}

/**
 * Waits until all that is under way has reached everyone and is acknowledged. False: that takes the server too long; what came until then was
 * right. What does not move any more is lost, and fails the run.
 */
async function arrives(crowd: Crowd): Promise<boolean> {
  const until = Date.now() + ARRIVED_WITHIN_MS
  let [progress, movedAt] = [-1, 0]
  for (let now = standOf(crowd); now.complete < now.posted || now.acknowledged < now.posted; now = standOf(crowd)) {
    const has = crowd.rooms.deliveries + now.acknowledged
    if (has !== progress) [progress, movedAt] = [has, Date.now()]
    if (Date.now() > until && Date.now() - movedAt < MOVED_WITHIN_MS) return false
    await wait(LOOK_EVERY_MS)
  }
  return true
}

/** Everything must be there, once, at everyone in its room. */
async function requireEverything({ rooms, senders }: Crowd): Promise<void> {
  await wait(SILENCE_MS)
  const posted = Array.from({ length: rooms.count }, () => 0)
  for (const sender of senders) posted[sender.room]! += sender.posted
  rooms.requireAll(posted)
}

function standOf({ rooms, senders }: Crowd): { posted: number; complete: number; acknowledged: number } {
  const sum = (of: 'posted' | 'acknowledged') => senders.reduce((total, sender) => total + sender[of], 0)
  return { posted: sum('posted'), complete: rooms.complete, acknowledged: sum('acknowledged') }
}

interface Reading {
  atSeconds: number
  serverSeconds: number
  kernelSeconds: number
  generatorSeconds: number
  deliveries: number
}

/** Processor time of both sides while the stopwatch ran. */
class Usage {
  readonly #serverPids: number[]
  readonly #rooms: Rooms
  #before: Reading
  #after: Reading

  constructor(serverPids: number[], rooms: Rooms) {
    this.#serverPids = serverPids
    this.#rooms = rooms
    this.#before = this.#after = this.#read()
  }

  start(): void {
    this.#before = this.#read()
  }

  stop(): void {
    this.#after = this.#read()
  }

  shares(): Pick<JobResult, 'serverCpu' | 'generatorCpu' | 'serverMicros' | 'kernelMicros'> {
    const grown = (of: keyof Reading) => this.#after[of] - this.#before[of]
    return {
      serverCpu: grown('serverSeconds') / grown('atSeconds'),
      generatorCpu: grown('generatorSeconds') / grown('atSeconds'),
      serverMicros: (grown('serverSeconds') * 1_000_000) / grown('deliveries'),
      kernelMicros: (grown('kernelSeconds') * 1_000_000) / grown('deliveries'),
    }
  }

  #read(): Reading {
    const servers = this.#serverPids.map(cpuSeconds)
    return {
      atSeconds: performance.now() / 1000,
      serverSeconds: servers.reduce((sum, { all }) => sum + all, 0),
      kernelSeconds: servers.reduce((sum, { kernel }) => sum + kernel, 0),
      generatorSeconds: cpuSeconds(process.pid).all,
      deliveries: this.#rooms.deliveries,
    }
  }
}
