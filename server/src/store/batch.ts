import type { RefusalBody } from '@belfry/protocol/refusals.ts'
import { Refusal } from '#lib/refusal.ts'
import type { Announcement } from '#bus/announcement.ts'
import { answeredBefore, type Once, rememberAnswer } from './idempotency.ts'
import type { Tx } from './tx.ts'

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
  /** The topic whose lock it takes, of a write that has a batch form. */
  topic?: (input: Input) => string
}

export type WriteTable = Record<string, RunnableWrite>

/**
 * `failed`: a mistake of ours or of the disk, in words for the log; this attempt stored nothing. `unknown`: the commit itself failed
 * in a way that a restart may yet find stored [W2].
 */
export type Outcome =
  | { is: 'done'; result: unknown }
  | { is: 'refused'; refusal: RefusalBody }
  | { is: 'failed'; failure: string; because: Trouble }
  | { is: 'unknown'; failure: string }

/** Why something failed that is no refusal: a mistake of ours, or what an operator can mend. */
export type Trouble = 'mistake' | 'disk-full' | 'locked' | 'unreachable'

export interface BatchResult {
  outcomes: Outcome[]
  announcements: Announcement[]
}

/** The same becomes of all of them. */
export function forAll(writes: Write[], outcome: Outcome): BatchResult {
  return { outcomes: writes.map(() => outcome), announcements: [] }
}

/** Runs writes one after the other. Each is a change of its own: others may commit between them. */
export async function eachAlone(writes: Write[], run: (alone: Write[]) => Promise<BatchResult>): Promise<BatchResult> {
  const results: BatchResult[] = []
  for (const write of writes) results.push(await run([write]))
  return allOf(results)
}

export function allOf(results: BatchResult[]): BatchResult {
  return { outcomes: results.flatMap((one) => one.outcomes), announcements: results.flatMap((one) => one.announcements) }
}

/** A commit failed in a way in which it may be stored all the same. */
export class UnknownCommit extends Error {
  override name = 'UnknownCommit'
}

/** What a batch is run with, whatever the database. */
export interface BatchContext {
  table: WriteTable
  now(): number
  epoch: string
}

/** Runs a write, or several that are run by the batch form of their name, in the transaction that is open; what was promised is stored last. */
export async function runInside(table: WriteTable, tx: Tx, writes: Write[]): Promise<Outcome[]> {
  const outcomes = writes.length > 1 ? await runMany(table, tx, writes) : [await runOne(table, tx, writes[0]!)]
  await tx.keepPromises()
  return outcomes
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

/** Whether a write may be run by the batch form of its name, beside others. */
export function hasBatchForm(table: WriteTable, write: Write): boolean {
  return table[write.name]?.many !== undefined && !write.once
}

/** What became of a write that threw this, and stored nothing. */
export function outcomeOf(error: unknown, because: (error: unknown) => Trouble): Outcome {
  if (error instanceof Refusal) return { is: 'refused', refusal: error.body }
  return { is: 'failed', failure: wordsOf(error), because: because(error) }
}

export function wordsOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
