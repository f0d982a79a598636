import { setTimeout as sleep } from 'node:timers/promises'
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
import type { TakeMore } from '#store/write.ts'
import type { PostgresConnection, PostgresPool } from './connection.ts'
import { lockName, rowLocks } from './locks.ts'
import { isUnreachable, triesOf, troubleOf } from './trouble.ts'

export interface PostgresBatchContext extends BatchContext {
  pool: PostgresPool
  /** The same on every node, of what has a batch form: by this name its turn is locked. */
  laneOf(write: Write): string
}

/** Who lost a race waits so long at most, and a multiple later: whoever lost the same one waits another while. */
const AGAIN_WITHIN_MS = 20

/** Runs writes of one lane in one transaction [W4]. One that fails ends it: then each runs again alone. */
export async function runBatch(context: PostgresBatchContext, given: Write[], takeMore: TakeMore = () => []): Promise<BatchResult> {
  const writes = [...given]
  for (let tries = 1; ; tries += 1) {
    try {
      return await runTogether(context, writes, takeMore)
    } catch (error) {
      if (tries < triesOf(error)) {
        await sleep(Math.random() * AGAIN_WITHIN_MS * tries)
        continue
      }
      if (error instanceof UnknownCommit) return forAll(writes, { is: 'unknown', failure: wordsOf(error.cause) })
      // Whoever holds the lock, or the room on the disk, may hold it for each of them.
      if (writes.length === 1 || troubleOf(error) !== 'mistake') return forAll(writes, outcomeOf(error, troubleOf))
      break
    }
  }
  return eachAlone(writes, (alone) => runBatch(context, alone))
}

/**
 * Several wait for the lane's turn before they lock what they change, and take along what has come meanwhile. Otherwise each of the nodes that write to the same
 * topics would store only what had come before it began to wait. That is for size alone: what is right rests on the locks of rows, for a node of an earlier build takes no turn.
 */
function runTogether({ pool, laneOf, ...context }: PostgresBatchContext, writes: Write[], takeMore: TakeMore): Promise<BatchResult> {
  return pool.use('BEGIN ISOLATION LEVEL READ COMMITTED', async (connection) => {
    if (writes.length > 1) {
      await lockName(connection.db, laneOf(writes[0]!))
      writes.push(...takeMore())
    }
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
