import { type BatchContext, type BatchResult, type Outcome, outcomeOf, runInside, type Write, wordsOf } from '#store/batch.ts'
import { Tx } from '#store/tx.ts'
import type { PostgresConnection, PostgresPool } from './connection.ts'
import { rowLocks } from './locks.ts'
import { isRace, isUnreachable, troubleOf } from './trouble.ts'

export interface PostgresBatchContext extends BatchContext {
  pool: PostgresPool
}

/** A write that lost a race is run so many times. */
const TRIES_MAX = 5

/** Runs writes of one lane in one transaction [W4]. One that fails ends it: then each runs again alone. */
export async function runBatch(context: PostgresBatchContext, writes: Write[]): Promise<BatchResult> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await runTogether(context, writes)
    } catch (error) {
      if (isRace(error) && tries < TRIES_MAX) continue
      if (error instanceof UnknownCommit) return everyone(writes, { is: 'unknown', failure: wordsOf(error.cause) })
      // Whoever holds the lock, or the room on the disk, holds it for each of them.
      if (writes.length === 1 || troubleOf(error) !== 'mistake') return everyone(writes, failed(error))
      break
    }
  }
  const alone: BatchResult[] = []
  for (const write of writes) alone.push(await runBatch(context, [write]))
  // Each is a change of its own: others may have committed between them.
  return { outcomes: alone.flatMap((one) => one.outcomes), announcements: alone.flatMap((one) => one.announcements) }
}

async function runTogether(context: PostgresBatchContext, writes: Write[]): Promise<BatchResult> {
  const connection = await context.pool.take()
  let isBroken = true
  try {
    const result = await runBegun(connection, context, writes)
    isBroken = false
    return result
  } catch (error) {
    isBroken = error instanceof UnknownCommit || !(await rolledBack(connection))
    throw error
  } finally {
    connection.release(isBroken)
  }
}

async function runBegun(connection: PostgresConnection, context: PostgresBatchContext, writes: Write[]): Promise<BatchResult> {
  await connection.exec('BEGIN ISOLATION LEVEL READ COMMITTED')
  const tx = new Tx(connection.db, { now: context.now(), epoch: context.epoch, locks: rowLocks })
  const outcomes = await runInside(context.table, tx, writes)
  await commit(connection)
  return { outcomes, announcements: tx.changes() }
}

/** The answer to a commit did not come: it may be stored all the same. */
class UnknownCommit extends Error {
  override name = 'UnknownCommit'
}

async function commit(connection: PostgresConnection): Promise<void> {
  try {
    await connection.exec('COMMIT')
  } catch (error) {
    throw isUnreachable(error) ? new UnknownCommit('the commit was not answered', { cause: error }) : error
  }
}

async function rolledBack(connection: PostgresConnection): Promise<boolean> {
  try {
    await connection.exec('ROLLBACK')
    return true
  } catch {
    return false
  }
}

function everyone(writes: Write[], outcome: Outcome): BatchResult {
  return { outcomes: writes.map(() => outcome), announcements: [] }
}

function failed(error: unknown): Outcome {
  return outcomeOf(error, troubleOf)
}
