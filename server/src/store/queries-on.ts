import { type CompiledQuery, type DatabaseConnection, type Dialect, type Driver, Kysely, type QueryResult } from 'kysely'
import type { Tables } from './schema.ts'

/** How a connection runs what Kysely compiled. */
export type Execute = <Row>(query: CompiledQuery) => Promise<QueryResult<Row>>

/** Kysely on a connection that somebody has: whoever has it also has its transaction, so that none is begun here. */
export function queriesOn(execute: Execute, dialect: Omit<Dialect, 'createDriver'>): Kysely<Tables> {
  const connection: DatabaseConnection = { executeQuery: execute, streamQuery: refuse }
  const driver: Driver = {
    async init() {},
    acquireConnection: async () => connection,
    beginTransaction: refuse,
    commitTransaction: refuse,
    rollbackTransaction: refuse,
    async releaseConnection() {},
    async destroy() {},
  }
  return new Kysely<Tables>({ dialect: { ...dialect, createDriver: () => driver } })
}

function refuse(): never {
  throw new Error('the store begins its transactions by itself, and reads no streams')
}
