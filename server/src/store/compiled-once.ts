import type { Compilable, CompiledQuery, Kysely } from 'kysely'
import type { Tables } from './schema.ts'

/** Lists of values that a query is about. */
type Lists = readonly (readonly unknown[])[]

/** Stands for a value in a query that is compiled before there are values. */
class Slot {
  readonly at: number

  constructor(at: number) {
    this.at = at
  }
}

/** Beyond so many lengths of lists, those that are kept are compiled anew [P4]. */
const KEPT_MAX = 256
/** A longer list is asked about too seldom for its query to be kept. */
const LIST_MAX = 1_024

/**
 * A query about lists of values, compiled once for each of their lengths and each kind of database: to build and compile those of a message anew took 0.5 ms of the
 * 1.4 that it needs in the writer thread. Answers how to run it.
 */
export function compiledOnce<Of extends Lists, Row>(
  build: (db: Kysely<Tables>, ...lists: Of) => Compilable<Row>,
): (db: Kysely<Tables>, ...lists: Of) => Promise<Row[]> {
  const kept = new Map<object, Map<string, CompiledQuery>>()
  return async (db, ...lists) => {
    const database = db.getExecutor().adapter.constructor
    if (!kept.has(database)) kept.set(database, new Map())
    const query = keptOr(kept.get(database)!, lists, () => build(db, ...slotsFor(lists)).compile())
    const values = lists.flat()
    const parameters = query.parameters.map((parameter) => (parameter instanceof Slot ? values[parameter.at] : parameter))
    return (await db.executeQuery<Row>({ ...query, parameters })).rows
  }
}

function keptOr(kept: Map<string, CompiledQuery>, lists: Lists, compile: () => CompiledQuery): CompiledQuery {
  const lengths = lists.map(({ length }) => length).join()
  const held = kept.get(lengths)
  if (held) return held
  const query = compile()
  if (lists.some(({ length }) => length > LIST_MAX)) return query
  if (kept.size >= KEPT_MAX) kept.clear()
  kept.set(lengths, query)
  return query
}

/** A slot for each value, numbered through all lists. */
function slotsFor<Of extends Lists>(lists: Of): Of {
  let at = 0
  return lists.map((list) => list.map(() => new Slot(at++))) as unknown as Of
}

/** As many values as the next power of two, the last one repeated: a query that asks which rows have one of them then has few lengths. */
export function rounded<T>(values: Iterable<T>): T[] {
  const all = [...values]
  if (all.length === 0 || all.length > LIST_MAX) return all
  const missing = 2 ** Math.ceil(Math.log2(all.length)) - all.length
  return [...all, ...Array.from({ length: missing }, () => all.at(-1)!)]
}
