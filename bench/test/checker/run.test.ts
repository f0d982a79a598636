import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { isWell } from '#checker/outcome.ts'
import { SHORT } from '#checker/plan.ts'
import { run } from '#checker/run.ts'
import { bite } from '#checker/teeth/bite.ts'
import { planted } from '#checker/teeth/planted.ts'
import { plantNamed, plants } from '#checker/teeth/plants.ts'

const SEED = 7
/** Each may do one thing, and no more within an hour. */
const ONCE = { MESSAGES_BURST: '1', MESSAGES_PER_SECOND: '0.0001', OTHERS_BURST: '1', OTHERS_PER_SECOND: '0.0001' }
const ROOT = new URL('../../../', import.meta.url)

describe('a node on SQLite', () => {
  test('[W2] [W3] [W8] [F1] [F5] [A2] whatever happens to it and to its lines, every history is right', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'belfry-test-'))
    const only = ['a node', 'nothing passes', 'the line']
    const plan = { ...SHORT, seed: SEED, nodes: 1, minutes: 0.12, deliveries: 2_000, only }
    const outcome = await run(plan, { folder, settings: {}, progress() {} })
    expect([...outcome.missing, ...outcome.unrest]).toEqual([])
    expect(outcome.verdicts).toEqual([])
    expect(Object.values(outcome.faults).filter((times) => times > 0).length).toBeGreaterThan(0)
    rmSync(folder, { recursive: true })
  })

  test('[F8] put back to a backup, it owes nobody what was written since, and nobody goes on from there', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'belfry-test-'))
    const only = ['the server is put back to a backup']
    const outcome = await run(
      { ...SHORT, seed: SEED, nodes: 1, minutes: 0.05, deliveries: 500, only },
      { folder, settings: {}, progress() {} },
    )
    expect([...outcome.missing, ...outcome.unrest]).toEqual([])
    expect(outcome.verdicts).toEqual([])
    expect(outcome.faults[only[0]!]).toBeGreaterThan(0)
    rmSync(folder, { recursive: true })
  })

  test('where nothing is acknowledged any more the run ends, and says so', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'belfry-test-'))
    const plan = { ...SHORT, seed: SEED, nodes: 1, minutes: 0, deliveries: Infinity, only: [], stillAfterMs: 2_000, calmWithinMs: 1_000 }
    const outcome = await run(plan, { folder, settings: ONCE, progress() {} })
    expect(outcome.unrest).toContain('nothing was acknowledged, or healed, for 2 s')
    expect(isWell(outcome)).toBe(false)
    rmSync(folder, { recursive: true })
  })

  test('[A2] a mistake in it is noticed', async () => {
    const { isCaught, verdicts } = await bite(plantNamed('the end of a membership is no barrier'), SEED)
    expect(isCaught, JSON.stringify(verdicts)).toBe(true)
  })
})

test.each(plants.flatMap(({ name, pieces }) => pieces.map((piece) => ({ name, piece }))))(
  '$name: $piece.file has the place for it',
  ({ piece }) => {
    const source = readFileSync(new URL(piece.file, ROOT), 'utf8')
    expect(planted(source, [piece])).not.toBe(source)
    expect(() => planted(source + source, [piece])).toThrow('2 times')
  },
)
