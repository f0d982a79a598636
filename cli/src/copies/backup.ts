import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import { readConfig } from '@belfry/server/config.ts'
import { fromPostgres } from '@belfry/server/store/postgres/copy-ends.ts'
import { fromFolder, intoFile } from '@belfry/server/store/sqlite/copy-ends.ts'
import { megabytes, print, type Printing } from '#print.ts'
import { summaryOf, copying, inWords } from './copying.ts'

/** Writes all there is into one file, while servers run. */
export async function backup(file: string, options: Printing): Promise<void> {
  const { dataDir, databaseUrl } = readConfig(process.env)
  const path = resolve(file)
  const contents = summaryOf(await copying(databaseUrl === null ? fromFolder(dataDir) : fromPostgres(databaseUrl), intoFile(path)))
  const { size: bytes } = statSync(path)
  print(options, { document: { file: path, bytes, ...contents }, text: `${path}: ${megabytes(bytes)}, ${inWords(contents)}` })
}
