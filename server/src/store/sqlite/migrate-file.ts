import { epochOf } from '#store/epoch.ts'
import { migrate } from '#store/migrate.ts'
import type { SqliteConnection } from './connection.ts'

/** Brings the file to this program's schema, and answers its epoch: of several that start at once one does it, and the others wait. */
export async function migrateFile(connection: SqliteConnection, path: string): Promise<string> {
  connection.exec('BEGIN IMMEDIATE')
  try {
    await migrate(connection.db, { database: path, otherwise: 'set DATA_DIR to another folder' })
    const epoch = await epochOf(connection.db)
    connection.exec('COMMIT')
    return epoch
  } finally {
    if (connection.inTransaction()) connection.exec('ROLLBACK')
  }
}
