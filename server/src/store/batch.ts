import type { RefusalBody } from '@belfry/protocol/refusals.ts'
import { Refusal } from '#lib/refusal.ts'
import { type Announcement, joinAnnouncements } from '#bus/announcement.ts'
import type { SqliteConnection } from './dialects/sqlite.ts'
import { answeredBefore, type Once, rememberAnswer } from './idempotency.ts'
import { Tx } from './tx.ts'

/** Who acts. Rights are read in the transaction that acts [A1]. `operator`: whoever may read the server's files. */
export type Actor =
  | { is: 'person'; userId: string; sessionId: string }
  | { is: 'program'; keyId: string }
  | { is: 'operator' }
  | { is: 'nobody' }

/** A write is data: what crosses to the writer thread [W1]. */
export interface Write<Input = unknown> {
  name: string
  input: Input
  actor: Actor
  /** An `Idempotency-Key`: the same one again gets the first answer [N2]. */
  once?: Once
}

export type WriteFunction<Input, Result> = (tx: Tx, write: Write<Input>) => Promise<Result>

/** How a write is run: alone, or many of one name at once where that is worth it. `many` answers a {@link Refusal} in a refused write's place. */
export interface RunnableWrite<Input = never, Result = unknown> {
  one: WriteFunction<Input, Result>
  many?: (tx: Tx, writes: Write<Input>[]) => Promise<(Result | Refusal)[]>
  /** What it costs, where that depends on the input; otherwise 1. A batch is bounded by the sum. */
  weight?: (input: Input) => number
}

export type WriteTable = Record<string, RunnableWrite>

/**
 * `failed`: a mistake of ours or of the disk, in words for the log; this attempt stored nothing. `unknown`: the commit itself failed
 * in a way that a restart may yet find stored [W2].
 */
export type Outcome =
  | { is: 'done'; result: unknown }
  | { is: 'refused'; refusal: RefusalBody }
  | { is: 'failed'; failure: string; because: 'mistake' | 'disk-full' | 'locked' }
  | { is: 'unknown'; failure: string }

export interface BatchResult {
  outcomes: Outcome[]
  announcements: Announcement[]
}

export interface BatchContext {
  connection: SqliteConnection
  table: WriteTable
  now(): number
  epoch: string
}

/** Runs writes in one transaction, a savepoint each [W4]. When SQLite has ended the transaction by itself, each is run again alone. */
export async function runBatch(context: BatchContext, writes: Write[]): Promise<BatchResult> {
  try {
    context.connection.exec('BEGIN IMMEDIATE')
  } catch (error) {
    // Another process holds the file: waiting as long again for each write alone would only hold up what comes after.
    return { outcomes: writes.map(() => failed(error)), announcements: [] }
  }
  return runBegun(context, writes)
}

async function runBegun(context: BatchContext, writes: Write[]): Promise<BatchResult> {
  try {
    return await commitTogether(context, writes)
  } catch (error) {
    if (context.connection.inTransaction()) context.connection.exec('ROLLBACK')
    if (error instanceof UnknownCommit)
      return { outcomes: writes.map(() => ({ is: 'unknown', failure: wordsOf(error.cause) })), announcements: [] }
    if (writes.length === 1) return { outcomes: [failed(error)], announcements: [] }
  }
  const alone: BatchResult[] = []
  for (const write of writes) alone.push(await runBatch(context, [write]))
  return { outcomes: alone.flatMap((one) => one.outcomes), announcements: joinAnnouncements(alone.flatMap((one) => one.announcements)) }
}

async function commitTogether(context: BatchContext, writes: Write[]): Promise<BatchResult> {
  const outcomes: Outcome[] = []
  const announcements: Announcement[] = []
  for (const run of runsOf(context.table, writes)) {
    const result = await runGuarded(context, run)
    outcomes.push(...result.outcomes)
    announcements.push(...result.announcements)
  }
  commit(context.connection)
  return { outcomes, announcements: joinAnnouncements(announcements) }
}

/** A commit failed, and not for want of room or of the lock: its pages may be in the log all the same. */
class UnknownCommit extends Error {
  override name = 'UnknownCommit'
}

function commit(connection: SqliteConnection): void {
  try {
    connection.exec('COMMIT')
  } catch (error) {
    throw becauseOf(error) === 'mistake' ? new UnknownCommit('the commit failed', { cause: error }) : error
  }
}

/** Neighbours of one name that has a batch form run together; order is kept. */
function runsOf(table: WriteTable, writes: Write[]): Write[][] {
  const runs: Write[][] = []
  for (const write of writes) {
    const last = runs.at(-1)
    const joins = last && last[0]!.name === write.name && table[write.name]?.many && !write.once && !last[0]!.once
    if (joins) last.push(write)
    else runs.push([write])
  }
  return runs
}

async function runGuarded(context: BatchContext, run: Write[]): Promise<BatchResult> {
  const { connection } = context
  const tx = new Tx(connection.db, { now: context.now(), epoch: context.epoch })
  connection.exec('SAVEPOINT one')
  try {
    const outcomes = run.length > 1 ? await runMany(context.table, tx, run) : [await runOne(context.table, tx, run[0]!)]
    await tx.keepPromises()
    connection.exec('RELEASE one')
    return { outcomes, announcements: tx.changes() }
  } catch (error) {
    if (!connection.inTransaction()) throw error
    connection.exec('ROLLBACK TO one')
    connection.exec('RELEASE one')
    if (run.length === 1)
      return { outcomes: [error instanceof Refusal ? { is: 'refused', refusal: error.body } : failed(error)], announcements: [] }
  }
  const alone: BatchResult[] = []
  for (const write of run) alone.push(await runGuarded(context, [write]))
  return { outcomes: alone.flatMap((one) => one.outcomes), announcements: alone.flatMap((one) => one.announcements) }
}

async function runOne(table: WriteTable, tx: Tx, write: Write): Promise<Outcome> {
  const before = write.once && (await answeredBefore(tx, write.once))
  if (before) return { is: 'done', result: before.result }
  const result = await runnable(table, write).one(tx, write as Write<never>)
  if (write.once) await rememberAnswer(tx, write.once, result)
  return { is: 'done', result }
}

async function runMany(table: WriteTable, tx: Tx, run: Write[]): Promise<Outcome[]> {
  const results = await runnable(table, run[0]!).many!(tx, run as Write<never>[])
  return results.map((result) => (result instanceof Refusal ? { is: 'refused', refusal: result.body } : { is: 'done', result }))
}

function runnable(table: WriteTable, write: Write): RunnableWrite {
  const found = table[write.name]
  if (!found) throw new Error(`no write is named ${write.name}`)
  return found
}

const SQLITE_BUSY = 5
const SQLITE_FULL = 13

function failed(error: unknown): Outcome {
  if (error instanceof Refusal) return { is: 'refused', refusal: error.body }
  return { is: 'failed', failure: wordsOf(error), because: becauseOf(error) }
}

function becauseOf(error: unknown): 'mistake' | 'disk-full' | 'locked' {
  const errcode = error instanceof Error && 'errcode' in error ? Number(error.errcode) & 0xff : null
  return errcode === SQLITE_FULL ? 'disk-full' : errcode === SQLITE_BUSY ? 'locked' : 'mistake'
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
