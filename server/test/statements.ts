import { StatementSync } from 'node:sqlite'
import { vi } from 'vitest'

/** How many times the database was asked for rows meanwhile. */
export async function asksOf(run: () => Promise<unknown>): Promise<number> {
  const asks = vi.spyOn(StatementSync.prototype, 'all')
  await run()
  const count = asks.mock.calls.length
  asks.mockRestore()
  return count
}
