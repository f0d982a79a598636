import { joinAnnouncements } from '#bus/announcement.ts'
import {
  allOf,
  type BatchContext,
  type BatchResult,
  eachAlone,
  forAll,
  hasBatchForm,
  outcomeOf,
  runInside,
  type Trouble,
  UnknownCommit,
  type Write,
  type WriteTable,
  wordsOf,
} from '#store/batch.ts'
import { Tx } from '#store/tx.ts'
import type { SqliteConnection } from './connection.ts'

export interface SqliteBatchContext extends BatchContext {
  connection: SqliteConnection
}

/** Runs writes in one transaction, a savepoint each [W4]. When SQLite has ended the transaction by itself, each is run again alone. */
export async function runBatch(context: SqliteBatchContext, writes: Write[]): Promise<BatchResult> {
  try {
    context.connection.exec('BEGIN IMMEDIATE')
  } catch (error) {
    // Another process holds the file: waiting as long again for each write alone would only hold up what comes after.
    return forAll(writes, outcomeOf(error, troubleOf))
  }
  return runBegun(context, writes)
}

async function runBegun(context: SqliteBatchContext, writes: Write[]): Promise<BatchResult> {
  try {
    return await commitTogether(context, writes)
  } catch (error) {
    if (context.connection.inTransaction()) context.connection.exec('ROLLBACK')
    if (error instanceof UnknownCommit) return forAll(writes, { is: 'unknown', failure: wordsOf(error.cause) })
    if (writes.length === 1) return forAll(writes, outcomeOf(error, troubleOf))
  }
  return eachAlone(writes, (alone) => runBatch(context, alone))
}

async function commitTogether(context: SqliteBatchContext, writes: Write[]): Promise<BatchResult> {
  const done: BatchResult[] = []
  for (const run of runsOf(context.table, writes)) done.push(await runGuarded(context, run))
  commit(context.connection)
  const { outcomes, announcements } = allOf(done)
  return { outcomes, announcements: joinAnnouncements(announcements) }
}

/** What fails for other reasons than want of room or of the lock may have left its pages in the log. */
function commit(connection: SqliteConnection): void {
  try {
    connection.exec('COMMIT')
  } catch (error) {
    throw troubleOf(error) === 'mistake' ? new UnknownCommit('the commit failed', { cause: error }) : error
  }
}

/** Neighbours of one name that has a batch form run together; order is kept. */
function runsOf(table: WriteTable, writes: Write[]): Write[][] {
  const runs: Write[][] = []
  for (const write of writes) {
    const last = runs.at(-1)
    const joins = last && last[0]!.name === write.name && hasBatchForm(table, write) && hasBatchForm(table, last[0]!)
    if (joins) last.push(write)
    else runs.push([write])
  }
  return runs
}

async function runGuarded(context: SqliteBatchContext, run: Write[]): Promise<BatchResult> {
  const { connection, table } = context
  const tx = new Tx(connection.db, { now: context.now(), epoch: context.epoch })
  connection.exec('SAVEPOINT one')
  try {
    const outcomes = await runInside(table, tx, run)
    connection.exec('RELEASE one')
    return { outcomes, announcements: tx.changes() }
  } catch (error) {
    if (!connection.inTransaction()) throw error
    connection.exec('ROLLBACK TO one')
    connection.exec('RELEASE one')
    if (run.length === 1) return forAll(run, outcomeOf(error, troubleOf))
  }
  return eachAlone(run, (alone) => runGuarded(context, alone))
}

const SQLITE_BUSY = 5
const SQLITE_FULL = 13

function troubleOf(error: unknown): Trouble {
  const errcode = error instanceof Error && 'errcode' in error ? Number(error.errcode) & 0xff : null
  return errcode === SQLITE_FULL ? 'disk-full' : errcode === SQLITE_BUSY ? 'locked' : 'mistake'
}
