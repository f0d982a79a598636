import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { SHORT } from '#bench/checker/plan.ts'
import { run } from '#bench/checker/run.ts'
import { nginx, openssl, postgres, redis } from '#test/binaries.ts'

const SEED = 11
/** Of all faults those that take no new start of a node which nobody asked for. */
const FAULTS = [
  'a node is killed',
  'Redis',
  'PostgreSQL is killed with',
  'PostgreSQL stands',
  'the bus',
  'the line to PostgreSQL',
  'nothing passes',
]

describe.skipIf([nginx, openssl, postgres, redis].some(({ missing }) => missing))(
  'two nodes of which one thing after the other fails',
  () => {
    test('[W2] [W3] [W8] [F1] [F4] [F5] [A2] every history is right', async () => {
      const folder = mkdtempSync(join(tmpdir(), 'belfry-test-'))
      const plan = { ...SHORT, seed: SEED, nodes: 2, minutes: 0.25, deliveries: 2_000, only: FAULTS }
      const outcome = await run(plan, { folder, settings: {}, progress() {} })
      expect([...outcome.missing, ...outcome.unrest]).toEqual([])
      expect(outcome.verdicts).toEqual([])
      expect(Object.values(outcome.faults).filter((times) => times > 0).length).toBeGreaterThan(1)
      rmSync(folder, { recursive: true })
    })
  },
)
