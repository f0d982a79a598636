import { rmSync } from 'node:fs'
import type { Spell } from './conductor.ts'
import { type Database, readDatabase } from './judge/database.ts'
import type { Era } from './judge/eras.ts'
import type { Site, SiteFault } from './sites/site.ts'
import { Memberships } from './workload/memberships.ts'
import type { Operator, Rung } from './workload/operator.ts'

/** An era, and what there is to know of it when it has ended. */
export interface Books extends Era {
  database: Database
  memberships: Memberships
  rung: Rung[]
  disabled: ReadonlyMap<string, number>
}

/** The eras of a run before the present one. */
export interface Eras {
  ended: Books[]
  /** What was written then was taken back. */
  gone: Spell[]
}

interface Around {
  site: Site
  operator: Operator
  memberships: Memberships
  /** Where the backup is kept. */
  file: string
  now(): number
}

/** In a long run it takes half a minute, and nothing is owed of what was written meanwhile. */
const TIMES_MAX = 2

/**
 * A backup is made beside the running nodes. It is healed as operators do it: all nodes are stopped, the backup takes the place of what is
 * there, and they start again. With that an era has ended.
 */
export function putBack(around: Around, eras: Eras): SiteFault {
  const { site, operator, file, now } = around
  return {
    name: 'the server is put back to a backup',
    timesMax: TIMES_MAX,
    async begin() {
      const fromMs = now()
      await site.backUp(file)
      return () => operator.inTurn(() => restores(fromMs))
    },
  }

  async function restores(fromMs: number): Promise<void> {
    await Promise.all(site.nodes.map((node) => node.kill('SIGTERM')))
    const books = await booksOf(around)
    await site.records.close()
    await site.restore(file)
    rmSync(file)
    const toMs = now()
    eras.ended.push({ ...books, gone: [...eras.gone], untilMs: toMs })
    eras.gone.push({ fromMs, toMs })
    await Promise.all(site.nodes.map((node) => node.start()))
    await site.records.openAnew()
    await operator.takesStock()
  }
}

/** As all stands now. */
export async function booksOf({
  site,
  operator,
  memberships,
}: Pick<Around, 'site' | 'operator' | 'memberships'>): Promise<Omit<Books, keyof Era>> {
  return {
    database: await readDatabase(site.records.store),
    memberships: new Memberships(memberships),
    rung: [...operator.rung],
    disabled: new Map(operator.disabled),
  }
}
