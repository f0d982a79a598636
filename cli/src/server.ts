import { contentsOf } from '@belfry/server/accounts/facts.ts'
import { readConfig } from '@belfry/server/config.ts'
import { version } from '@belfry/server/lib/version.ts'
import { databaseBytes } from '@belfry/server/store/folder.ts'
import { onData } from './data.ts'
import { print, type Printing } from './print.ts'

/** What can be known without asking a running server. */
export async function showServer(options: Printing): Promise<void> {
  const { dataDir } = readConfig(process.env)
  const contents = await onData((store) => store.read(contentsOf))
  const facts = { version: version(), node: process.versions.node, dataDir, databaseBytes: databaseBytes(dataDir), ...contents }
  print(options, { document: facts, text: inWords(facts) })
}

function inWords(facts: {
  version: string
  node: string
  dataDir: string
  databaseBytes: number
  users: number
  messages: number
}): string {
  return [
    `Belfry ${facts.version} on Node ${facts.node}`,
    `${facts.dataDir}: ${megabytes(facts.databaseBytes)}, SQLite ${process.versions.sqlite}`,
    `${facts.users} accounts, ${facts.messages} messages`,
  ].join('\n')
}

function megabytes(bytes: number): string {
  return `${(bytes / 1_000_000).toFixed(1)} MB`
}
