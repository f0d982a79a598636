import { execFileSync } from 'node:child_process'
import { findPostgres, findRedis } from '#programs/find-program.ts'
import { describeMachine } from '#report/machine.ts'

/** What a run was made on, a line a part. */
export function describeSite(nodes: number, folder: string): string[] {
  const machine = describeMachine(folder)
  if (nodes === 1) return [...machine, 'One node on SQLite, and all clients, on this machine']
  const servers = [findPostgres(), findRedis()].map((path) => execFileSync(path!, ['--version'], { encoding: 'utf8' }).trim())
  return [...machine, ...servers, `${nodes} nodes, and all clients, on this machine`]
}
