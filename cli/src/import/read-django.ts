import type { DatabaseSync } from 'node:sqlite'
import { readAccounts } from './django-people.ts'
import { readMessages, readNotifications } from './django-rows.ts'
import { quoted, readingDatabase, tablesOf } from './django-schema.ts'
import { findTables, type Named } from './django-tables.ts'
import { type Reading, Skips } from './reading.ts'

/** Reads the database of a Django chat project, on one snapshot. Refusals: not-found, malformed. */
export function readDjango(path: string, named: Named): Reading {
  return readingDatabase(path, (file) => {
    const tables = findTables(tablesOf(file), named, (table, column) => isOnePlace(file, table, column))
    const skips = new Skips()
    const { accounts, remarks } = readAccounts(file, tables.accounts, skips)
    const project = { file, people: new Set(accounts.map(({ key }) => key)), skips }
    const messages = tables.messages ? readMessages(project, tables.messages) : []
    const notifications = tables.notifications ? readNotifications(project, tables.notifications) : []
    const history = { accounts, outsiders: [], messages, notifications }
    return { history, skipped: skips.list(), remarks: [...tables.remarks, ...remarks] }
  })
}

function isOnePlace(file: DatabaseSync, table: string, column: string): boolean {
  const places = file.prepare(`SELECT DISTINCT ${quoted(column)} FROM ${quoted(table)} LIMIT 2`).all()
  return places.length < 2
}
