import { readConfig, readDatabaseAddress } from '@belfry/server/config.ts'
import { intoPostgres } from '@belfry/server/store/postgres/copy-ends.ts'
import { fromStoppedFolder } from '@belfry/server/store/sqlite/copy-ends.ts'
import { inDigits, print, type Printing, table } from '#print.ts'
import { summaryOf, copying } from './copying.ts'

/** Takes everything from the data folder to a PostgreSQL database; the folder stays as it is. */
export async function move(url: string, options: Printing): Promise<void> {
  const { dataDir } = readConfig({ ...process.env, DATABASE_URL: '' })
  const into = intoPostgres(readDatabaseAddress(url))
  const copy = await copying(fromStoppedFolder(dataDir), into)
  const lines = copy.tables.map(({ name, rows }) => [name, inDigits(rows)])
  print(options, {
    document: {
      from: dataDir,
      into: into.name,
      ...summaryOf(copy),
      tables: Object.fromEntries(copy.tables.map(({ name, rows }) => [name, rows])),
    },
    text: [
      table(['TABLE', 'ROWS'], lines),
      `\n${into.name} holds them all, row by row as they are in ${dataDir}.`,
      'Set DATABASE_URL, and start the server: every client starts afresh, and nobody is signed out.',
      `${dataDir} stays as it was. To go back to it, start without DATABASE_URL; what is written from now on will not be there.`,
    ].join('\n'),
  })
}
