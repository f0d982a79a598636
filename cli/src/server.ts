import { contentsOf } from '@belfry/server/accounts/facts.ts'
import { readConfig } from '@belfry/server/config.ts'
import { version } from '@belfry/server/lib/version.ts'
import type { DatabaseFacts } from '@belfry/server/store/database.ts'
import { onData } from './data.ts'
import { counted, megabytes, print, type Printing } from './print.ts'

const NAMES = { sqlite: 'SQLite', postgres: 'PostgreSQL' } as const

/** What can be known without asking a running server. */
export async function showServer(options: Printing): Promise<void> {
  const { database, contents } = await onData(async (store) => ({ database: await store.facts(), contents: await store.read(contentsOf) }))
  const facts = { version: version(), node: process.versions.node, database: { at: whereData(), ...database }, ...contents }
  print(options, { document: facts, text: inWords(facts) })
}

/** The data folder, or the server and its database; never a password. */
function whereData(): string {
  const { dataDir, databaseUrl } = readConfig(process.env)
  if (databaseUrl === null) return dataDir
  const { host, pathname } = new URL(databaseUrl)
  return host + pathname
}

function inWords(facts: {
  version: string
  node: string
  database: DatabaseFacts & { at: string }
  users: number
  messages: number
}): string {
  const { at, kind, version: of, bytes } = facts.database
  return [
    `Belfry ${facts.version} on Node ${facts.node}`,
    `${at}: ${megabytes(bytes)}, ${NAMES[kind]} ${of}`,
    `${counted(facts.users, 'account')}, ${counted(facts.messages, 'message')}`,
  ].join('\n')
}
