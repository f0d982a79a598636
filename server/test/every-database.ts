import { DatabaseSync } from 'node:sqlite'

/** Which SQLite takes and PostgreSQL refuses: a list without items. */
const EMPTY_LIST = /\bin \(\)/i

const { prepare } = DatabaseSync.prototype

/** In tests SQLite refuses it as well, whatever asks. */
DatabaseSync.prototype.prepare = function (sql: string) {
  if (EMPTY_LIST.test(sql)) throw new Error(`PostgreSQL refuses an empty list: ${sql}`)
  return prepare.call(this, sql)
}
