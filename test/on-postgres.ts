import type { TestProject } from 'vitest/node'
import { FORGETFUL, startPostgres } from '#bench/src/programs/postgres.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** The PostgreSQL server on which this run's stores are; left out: each is in its folder. */
    postgres?: string
  }
}

/** One server for all files of the project; each store has a database of its own there. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startPostgres(FORGETFUL)
  project.provide('postgres', server.url)
  return () => server.stop()
}
