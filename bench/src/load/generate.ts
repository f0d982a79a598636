import { setTimeout as wait } from 'node:timers/promises'
import { belfry } from '#dialects/belfry.ts'
import type { Dialect } from '#dialects/dialect.ts'
import { socketIo } from '#dialects/socket-io.ts'
import { wsLoop } from '#dialects/ws-loop.ts'
import { cpuSeconds } from '#process-usage.ts'
import { type Crowd, gather } from './crowd.ts'
import type { DialectName, FromGenerator, Job, JobResult } from './job.ts'
import { run } from './shapes.ts'
import type { Streams } from './streams.ts'

/** The load generator: a process of its own, which does one job, checks all that it receives, and ends. */

const DIALECTS: Record<DialectName, Dialect> = { 'belfry': belfry, 'ws-loop': wsLoop, 'socket-io': socketIo }

/** Without any progress for so long, something is lost. */
const PATIENCE_MS = 5_000
const LOOK_EVERY_MS = 50
/** A message that comes twice comes within this time after the last one. */
const SILENCE_MS = 100

process.once('message', (job: Job) => void work(job).then((result) => tell({ is: 'done', result }), fail))
process.on('uncaughtException', fail)
process.on('disconnect', () => process.exit())

async function work(job: Job): Promise<JobResult> {
  const crowd = await gather(DIALECTS[job.dialect], job)
  using _ = watch(crowd)
  const usage = new Usage(job.serverPids, crowd.streams)
  const figures = await run(crowd, job.shape, usage)
  const messages = await requireEverything(crowd)
  crowd.close()
  const { streams } = crowd
  return { figures, messages, deliveries: streams.deliveries, bytesPerDelivery: streams.bytes / messages, ...usage.shares() }
}

/** Fails the run when nothing moves any more, instead of waiting for what is lost. */
function watch(crowd: Crowd): Disposable {
  let [progress, progressAt] = [-1, Date.now()]
  const timer = setInterval(() => {
    const { posted, complete, acknowledged } = standOf(crowd)
    const now = crowd.streams.deliveries + acknowledged
    if (now !== progress) [progress, progressAt] = [now, Date.now()]
    if (Date.now() - progressAt < PATIENCE_MS) return
    throw new Error(`Of ${posted} messages ${complete} reached everybody, ${acknowledged} were acknowledged, and nothing moves any more.`)
  }, LOOK_EVERY_MS)
  return { [Symbol.dispose]: () => clearInterval(timer) }
}

/** Waits for what is under way; then everything must be there, once, at everyone, and everything acknowledged. */
async function requireEverything(crowd: Crowd): Promise<number> {
  const { posted } = standOf(crowd)
  for (let now = standOf(crowd); now.complete < posted || now.acknowledged < posted; now = standOf(crowd)) await wait(LOOK_EVERY_MS)
  await wait(SILENCE_MS)
  crowd.streams.requireAll(posted)
  return posted
}

function standOf({ streams, senders }: Crowd): { posted: number; complete: number; acknowledged: number } {
  const sum = (of: 'posted' | 'acknowledged') => senders.reduce((total, sender) => total + sender[of], 0)
  return { posted: sum('posted'), complete: streams.complete, acknowledged: sum('acknowledged') }
}

interface Reading {
  atSeconds: number
  serverSeconds: number
  generatorSeconds: number
  deliveries: number
}

/** Processor time of both sides while the stopwatch ran. */
class Usage {
  readonly #serverPids: number[]
  readonly #streams: Streams
  #before: Reading
  #after: Reading

  constructor(serverPids: number[], streams: Streams) {
    this.#serverPids = serverPids
    this.#streams = streams
    this.#before = this.#after = this.#read()
  }

  start(): void {
    this.#before = this.#read()
  }

  stop(): void {
    this.#after = this.#read()
  }

  shares(): Pick<JobResult, 'serverCpu' | 'generatorCpu' | 'serverMicros'> {
    const grown = (of: keyof Reading) => this.#after[of] - this.#before[of]
    return {
      serverCpu: grown('serverSeconds') / grown('atSeconds'),
      generatorCpu: grown('generatorSeconds') / grown('atSeconds'),
      serverMicros: (grown('serverSeconds') * 1_000_000) / grown('deliveries'),
    }
  }

  #read(): Reading {
    return {
      atSeconds: performance.now() / 1000,
      serverSeconds: this.#serverPids.reduce((sum, pid) => sum + cpuSeconds(pid), 0),
      generatorSeconds: cpuSeconds(process.pid),
      deliveries: this.#streams.deliveries,
    }
  }
}

function fail(error: unknown): void {
  tell({ is: 'failed', reason: error instanceof Error ? error.message : String(error) })
}

function tell(message: FromGenerator): void {
  process.send!(message, () => process.exit())
}
