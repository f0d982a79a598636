import { join } from 'node:path'
import pg from 'pg'
import { expect } from 'vitest'
import type { LocalProgram } from '#bench/src/programs/local-program.ts'

/** What a standby does that takes over: it goes on from what it has, on a timeline of its own. */
export async function takesOver(database: LocalProgram): Promise<void> {
  await asks(database, `ALTER SYSTEM SET restore_command = 'false'`)
  await asks(database, `COPY (SELECT '') TO '${join(database.folder, 'data', 'recovery.signal')}'`)
  await database.kill('SIGINT')
  await database.start()
}

export async function asks<Row extends object>({ url }: LocalProgram, statement: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const { rows } = await client.query<Row>(statement)
  await client.end()
  return rows
}

/** The epoch that a node has once it has another one. */
export async function epochAfter(node: LocalProgram, before: string | null): Promise<string> {
  const known = [before, null]
  await expect.poll(async () => known.includes(await epochOf(node))).toBe(false)
  return (await epochOf(node))!
}

/** Null while it does not listen. */
async function epochOf({ url }: LocalProgram): Promise<string | null> {
  const answer = await fetch(`${url}/health`).catch(() => null)
  return answer && ((await answer.json()) as { epoch: string }).epoch
}
