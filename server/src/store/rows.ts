import { type Message, type RowKind, type Rows, rowKinds } from '@belfry/protocol/rows.ts'
import { parseTopic, type Topic } from '@belfry/protocol/topics.ts'
import type { Kysely } from 'kysely'
import { chunks } from '#lib/chunks.ts'
import { compiledOnce } from './compiled-once.ts'
import type { Tables } from './schema.ts'

/** Where the rows of a kind stand, and which column says whose topic they belong to (null: the one `workspace`). */
interface RowTable {
  table: keyof Tables
  owner: string | null
  /** The wire's columns; what else the table has (a folded name, an owner) never leaves the server. */
  columns: readonly string[]
  /** The primary key. */
  key: readonly string[]
}

function rowTable(kind: RowKind, table: keyof Tables, by: { owner: string | null; key?: string[] }): RowTable {
  return { table, owner: by.owner, columns: Object.keys(rowKinds[kind].shape), key: by.key ?? ['id'] }
}

const ROW_TABLES: Record<RowKind, RowTable> = {
  workspace: rowTable('workspace', 'workspace', { owner: null }),
  user: rowTable('user', 'users', { owner: null }),
  room: rowTable('room', 'rooms', { owner: 'id' }),
  member: rowTable('member', 'members', { owner: 'roomId', key: ['roomId', 'id'] }),
  place: rowTable('place', 'places', { owner: 'userId', key: ['userId', 'id'] }),
  block: rowTable('block', 'blocks', { owner: 'userId', key: ['userId', 'id'] }),
  message: rowTable('message', 'messages', { owner: 'roomId' }),
  reaction: rowTable('reaction', 'reactions', { owner: 'roomId' }),
  notification: rowTable('notification', 'notifications', { owner: 'userId' }),
  counts: rowTable('counts', 'counts', { owner: 'userId', key: ['userId'] }),
  session: rowTable('session', 'sessions', { owner: 'userId' }),
  preferences: rowTable('preferences', 'preferences', { owner: 'userId', key: ['userId'] }),
}

/** A table by a name that is only known at run time: its rows are plain objects here, and get their type back from the kind. */
type AnyTable = Kysely<Record<string, Record<string, unknown>>>

/** Parameters of one statement are limited (SQLite 32,766); a row has 20 at most. */
const ROWS_A_STATEMENT = 1_000

/** Stores rows of one kind in their last state: the wire's columns, and what else their table has. A column that a row does not name stays as it is. */
export async function storeRows(db: Kysely<Tables>, kind: RowKind, rows: Record<string, unknown>[]): Promise<void> {
  const alike = Map.groupBy(rows.map(stored), (row) => Object.keys(row).join())
  for (const ofColumns of alike.values()) for (const some of chunks(ofColumns, ROWS_A_STATEMENT)) await upsert(db, kind, some)
}

/** Each number of new rows is a statement of its own, which is kept. */
const NEW_ROWS_A_STATEMENT = 64

/** Stores messages that are not there. Whoever took one of their ids meanwhile keeps it: this fails. */
export async function insertMessages(db: Kysely<Tables>, messages: Message[]): Promise<void> {
  for (const some of chunks(messages.map(stored), NEW_ROWS_A_STATEMENT))
    await insert(
      db,
      some.flatMap((row) => messageColumns.map((column) => row[column])),
    )
}

const messageColumns = ROW_TABLES.message.columns

/** Of the values of all columns, one row after the other. */
const insert = compiledOnce((db, values: unknown[]) => {
  const rows = [...chunks(values, messageColumns.length)].map((row) =>
    Object.fromEntries(messageColumns.map((column, at) => [column, row[at]])),
  )
  return (db as unknown as AnyTable).insertInto(ROW_TABLES.message.table).values(rows)
})

/** What is no single value is stored as JSON. */
function stored(row: Record<string, unknown>): Record<string, unknown> {
  return 'names' in row ? { ...row, names: JSON.stringify(row['names']) } : row
}

/** A row of a table as the wire has it. */
export function unstored<Row extends object>(row: Row): Row {
  return 'names' in row && typeof row.names === 'string' ? { ...row, names: JSON.parse(row.names) as unknown } : row
}

/** Rows that name the same columns. */
async function upsert(db: Kysely<Tables>, kind: RowKind, rows: Record<string, unknown>[]): Promise<void> {
  const { table, key } = ROW_TABLES[kind]
  const settable = Object.keys(rows[0]!).filter((column) => !key.includes(column))
  await (db as unknown as AnyTable)
    .insertInto(table)
    .values(rows)
    .onConflict((conflict) =>
      conflict.columns([...key]).doUpdateSet((eb) => Object.fromEntries(settable.map((column) => [column, eb.ref(`excluded.${column}`)]))),
    )
    .execute()
}

/** Which of these ids are taken by rows of this kind, tombstones included. */
export async function takenIds(db: Kysely<Tables>, kind: RowKind, ids: string[]): Promise<Set<string>> {
  const taken = new Set<string>()
  for (const some of chunks(ids, ROWS_A_STATEMENT)) {
    const rows = await (db as unknown as AnyTable).selectFrom(ROW_TABLES[kind].table).select('id').where('id', 'in', some).execute()
    for (const { id } of rows) taken.add(String(id))
  }
  return taken
}

/** A row as the wire has it: what else its table holds is left out. */
export function columnsOf(kind: RowKind): readonly string[] {
  return ROW_TABLES[kind].columns
}

/** How much rows are: their number, and the bytes of their texts. */
export interface Extent {
  rows: number
  bytes: number
}

export function extentOf(rows: readonly object[]): Extent {
  let bytes = 0
  for (const row of rows) for (const value of Object.values(row)) if (typeof value === 'string') bytes += Buffer.byteLength(value)
  return { rows: rows.length, bytes }
}

/**
 * The rows of a topic that changed after `seq`, by kind, tombstones included; null when they are more than `max`.
 * @param kinds which kinds the topic's rows are of
 */
export async function rowsSince(
  db: Kysely<Tables>,
  topic: Topic,
  since: { seq: number; kinds: readonly RowKind[]; max: Extent },
): Promise<Rows | null> {
  const found: Rows = {}
  const left = { ...since.max }
  for (const kind of await kindsChanged(db, topic, since)) {
    const rows = await changedWithin(db, kind, { topic, seq: since.seq, left })
    if (!rows) return null
    if (rows.length > 0) found[kind] = rows as never
  }
  return found
}

/** Mostly one or two of them have changed: to ask which costs less than to ask each for its rows. */
async function kindsChanged(
  db: Kysely<Tables>,
  topic: Topic,
  { seq, kinds }: { seq: number; kinds: readonly RowKind[] },
): Promise<readonly RowKind[]> {
  const [found] = await firstsChanged(kinds)(db, [seq, parseTopic(topic)!.id])
  return kinds.filter((kind) => found![kind] !== null)
}

/** Of a list of kinds, which is one of a few, how to ask for the first row of each that has changed since a seq. */
const firstsChanged = onceFor((kinds: readonly RowKind[]) =>
  compiledOnce((db, [seq, id]: [number, string]) => {
    const first = (kind: RowKind) => changedSince(db, kind, { id, seq }).select('changed').orderBy('changed').limit(1)
    // Not EXISTS: where many have changed, PostgreSQL believes to come upon one soon without an index, also where they stand last of all.
    return (db as unknown as AnyTable).selectNoFrom(() => kinds.map((kind) => first(kind).as(kind)))
  }),
)

/** Rows are read so many at a time, so that too much of them is found out early. */
const ROWS_A_PAGE = 100

type AnyRow = Record<string, unknown>

/** The changed rows of one kind, taken off what is `left`; null when that is not enough. */
async function changedWithin(
  db: Kysely<Tables>,
  kind: RowKind,
  from: { topic: Topic; seq: number; left: Extent },
): Promise<AnyRow[] | null> {
  const { left } = from
  const found: AnyRow[] = []
  for (;;) {
    const page = await changedRows(db, kind, { ...from, offset: found.length })
    const { rows, bytes } = extentOf(page)
    left.rows -= rows
    left.bytes -= bytes
    if (left.rows < 0 || left.bytes < 0) return null
    found.push(...page)
    if (rows < ROWS_A_PAGE) return found
  }
}

/** One page of them. All pages are of one snapshot and come by one index: the order stays the same. */
async function changedRows(db: Kysely<Tables>, kind: RowKind, from: { topic: Topic; seq: number; offset: number }): Promise<AnyRow[]> {
  const { topic, seq, offset } = from
  return (await changedPage(kind)(db, [seq, parseTopic(topic)!.id, offset])).map(unstored)
}

const changedPage = onceFor((kind: RowKind) =>
  compiledOnce((db, [seq, id, offset]: [number, string, number]) => {
    const { columns } = ROW_TABLES[kind]
    return changedSince(db, kind, { id, seq })
      .select([...columns])
      .orderBy('changed')
      .limit(ROWS_A_PAGE)
      .offset(offset)
  }),
)

/** `id`: the topic's. */
function changedSince(db: Kysely<Tables>, kind: RowKind, { id, seq }: { id: string; seq: number }) {
  const { table, owner } = ROW_TABLES[kind]
  const query = (db as unknown as AnyTable).selectFrom(table).where('changed', '>', seq)
  return owner ? query.where(owner, '=', id) : query
}

/** Makes one of each. */
function onceFor<Of extends string | readonly string[], Made>(make: (of: Of) => Made): (of: Of) => Made {
  const made = new Map<string, Made>()
  return (of) => {
    const key = String(of)
    const held = made.get(key)
    if (held !== undefined) return held
    const one = make(of)
    made.set(key, one)
    return one
  }
}
