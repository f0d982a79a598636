import type { Kysely } from 'kysely'
import type { Tables } from '#store/schema.ts'
import { openReader, type SqliteConnection } from './connection.ts'

const READERS_MAX = 4

/** Connections that only read. Each read is one snapshot, on a connection that no writer uses and no transaction stays open on [F2]. */
export class Readers {
  readonly #path: string
  readonly #idle: SqliteConnection[] = []
  readonly #waiting: ((reader: SqliteConnection) => void)[] = []
  #open = 0

  constructor(path: string) {
    this.#path = path
  }

  /** Runs `read` on one snapshot of the database. */
  async read<T>(read: (db: Kysely<Tables>) => Promise<T>): Promise<T> {
    const reader = await this.#take()
    try {
      reader.exec('BEGIN')
      return await read(reader.db)
    } finally {
      if (reader.inTransaction()) reader.exec('ROLLBACK')
      this.#give(reader)
    }
  }

  close(): void {
    for (const reader of this.#idle.splice(0)) reader.close()
  }

  async #take(): Promise<SqliteConnection> {
    const idle = this.#idle.pop()
    if (idle) return idle
    if (this.#open < READERS_MAX) {
      const reader = openReader(this.#path)
      this.#open += 1
      return reader
    }
    return new Promise((resolve) => this.#waiting.push(resolve))
  }

  #give(reader: SqliteConnection): void {
    const next = this.#waiting.shift()
    if (next) next(reader)
    else this.#idle.push(reader)
  }
}
