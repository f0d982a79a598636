import {
  type BatchContext,
  type BatchResult,
  eachAlone,
  forAll,
  outcomeOf,
  runInside,
  UnknownCommit,
  type Write,
  wordsOf,
} from '#store/batch.ts'
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
      if (error instanceof UnknownCommit) return forAll(writes, { is: 'unknown', failure: wordsOf(error.cause) })
      // Whoever holds the lock, or the room on the disk, holds it for each of them.
      if (writes.length === 1 || troubleOf(error) !== 'mistake') return forAll(writes, outcomeOf(error, troubleOf))
      break
    }
  }
  return eachAlone(writes, (alone) => runBatch(context, alone))
}

function runTogether({ pool, ...context }: PostgresBatchContext, writes: Write[]): Promise<BatchResult> {
  return pool.use(async (connection) => {
    await connection.exec('BEGIN ISOLATION LEVEL READ COMMITTED')
    const tx = new Tx(connection.db, { now: context.now(), epoch: context.epoch, locks: rowLocks })
    const outcomes = await runInside(context.table, tx, writes)
    await commit(connection)
    return { outcomes, announcements: tx.changes() }
  })
}

/** When the answer does not come, it may be stored all the same. */
export async function commit(connection: PostgresConnection): Promise<void> {
  try {
    await connection.exec('COMMIT')
  } catch (error) {
    throw isUnreachable(error) ? new UnknownCommit('the commit was not answered', { cause: error }) : error
  }
}
