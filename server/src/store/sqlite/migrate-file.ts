import { migrate } from '#store/migrate.ts'
import type { SqliteConnection } from './connection.ts'

/** Brings the file to this program's schema: of several that start at once one migrates, and the others wait. */
export async function migrateFile(connection: SqliteConnection, path: string): Promise<void> {
  connection.exec('BEGIN IMMEDIATE')
  try {
    await migrate(connection.db, { database: path, otherwise: 'set DATA_DIR to another folder' })
    connection.exec('COMMIT')
  } finally {
    if (connection.inTransaction()) connection.exec('ROLLBACK')
  }
}
