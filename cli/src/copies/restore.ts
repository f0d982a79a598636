import { resolve } from 'node:path'
import { readConfig } from '@belfry/server/config.ts'
import { intoPostgres } from '@belfry/server/store/postgres/copy-ends.ts'
import { fromFile, intoFolder } from '@belfry/server/store/sqlite/copy-ends.ts'
import { print, type Printing } from '#print.ts'
import { summaryOf, copying, inWords } from './copying.ts'

/** Puts a backup where there is nothing yet. */
export async function restore(file: string, options: Printing): Promise<void> {
  const { dataDir, databaseUrl } = readConfig(process.env)
  const into = databaseUrl === null ? intoFolder(dataDir) : intoPostgres(databaseUrl)
  const contents = summaryOf(await copying(fromFile(resolve(file)), into))
  print(options, {
    document: { into: into.name, ...contents },
    text: `${into.name} holds what the backup does, row by row: ${inWords(contents)}.\nStart the server: every client starts afresh.`,
  })
}
