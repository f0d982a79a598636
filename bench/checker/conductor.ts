import { setTimeout as wait } from 'node:timers/promises'
import type { Dice } from '#dice.ts'
import type { Plan } from './plan.ts'
import type { Site, SiteFault } from './sites/site.ts'

/** A connection to a process that was killed ends at once. */
const NOTICED_WITHIN_MS = 1_000
const BUS_LOOK_EVERY_MS = 20
const BUS_WITHIN_MS = 30_000
/** A node that has not said after so long how its bus is counts as one that hears nothing. */
const BUS_TOLD_WITHIN_MS = 2_000

/** When a line to clients was one that loses what is said: milliseconds since the run began. */
export interface Spell {
  fromMs: number
  toMs: number
}

const NODE_ENDS = ['killed', 'stopped'] as const
/** Without a word, or after it has sent its clients away. */
export type NodeEnd = (typeof NODE_ENDS)[number]

const BUS_ENDS = { killed: 'Redis is killed', stoodStill: 'Redis stands still' }
/** Its connections end with it, or stand. */
export type BusEnd = keyof typeof BUS_ENDS

/** Lets one thing after the other go wrong, and heals each. */
export class Conductor {
  /** How often each was made. */
  readonly made = new Map<string, number>()
  /** From the return of Redis until every node hears by way of it again, milliseconds each. */
  readonly busBackMs: Record<BusEnd, number[]> = { killed: [], stoodStill: [] }
  /** What did not come back. */
  readonly unrest: string[] = []
  readonly lossy: Spell[] = []
  /** What goes wrong now. */
  fault: string | null = null
  /** When a node ended. */
  readonly #ended: ({ how: NodeEnd } & Spell)[] = []
  readonly #site: Site
  readonly #faults: SiteFault[]
  readonly #dice: Dice
  readonly #now: () => number

  /** `only`: faults whose names begin so; null: all. */
  constructor(site: Site, { faults, dice, now, only }: { faults: SiteFault[]; dice: Dice; now(): number; only: string[] | null }) {
    this.#site = site
    this.#dice = dice
    this.#now = now
    this.#faults = faults.filter(({ name }) => only === null || only.some((beginning) => name.startsWith(beginning)))
    for (const { name } of this.#faults) this.made.set(name, 0)
  }

  /** Until the signal: then the last one is healed. */
  async conducts({ everyMs, lastMs }: Plan['faults'], signal: AbortSignal): Promise<void> {
    const tried = new Map(this.#faults.map((fault) => [fault, 0]))
    while (!signal.aborted && tried.size > 0) {
      await wait(this.#dice.below(everyMs))
      // Each comes once before any comes again.
      const fewest = Math.min(...tried.values())
      const next = this.#dice.pick([...tried.keys()].filter((fault) => tried.get(fault) === fewest))
      if (fewest + 1 === next.timesMax) tried.delete(next)
      else tried.set(next, fewest + 1)
      if (!signal.aborted) await this.#makes(next, this.#dice.below(lastMs))
    }
  }

  /** With which end of a node went what was lost then; null: with none. It is known when the run is over. */
  endAt(lostMs: number): NodeEnd | null {
    return this.#ended.find(({ fromMs, toMs }) => lostMs >= fromMs && lostMs < toMs + NOTICED_WITHIN_MS)?.how ?? null
  }

  async #makes(fault: SiteFault, lastMs: number): Promise<void> {
    this.fault = fault.name
    const fromMs = this.#now()
    // Where nobody writes, the moment for which some of them wait does not come.
    const heal = await fault.begin(this.#dice).catch(() => null)
    if (!heal) return void (this.fault = null)
    const how = NODE_ENDS.find((end) => fault.name.startsWith(`a node is ${end}`))
    if (how) this.#ended.push({ how, fromMs, toMs: this.#now() })
    await wait(lastMs)
    await heal()
    if (fault.name.startsWith('changes on the way')) this.lossy.push({ fromMs, toMs: this.#now() })
    this.made.set(fault.name, this.made.get(fault.name)! + 1)
    this.fault = null
    const busEnd = busEndOf(fault.name)
    if (busEnd) await this.#busIsBack(fault.name, busEnd)
  }

  async #busIsBack(name: string, how: BusEnd): Promise<void> {
    const healedMs = this.#now()
    while (this.#now() - healedMs < BUS_WITHIN_MS) {
      const states = await Promise.all(this.#site.nodes.map(({ url }) => busAt(url)))
      if (states.every((state) => state === 'ok')) return void this.busBackMs[how].push(this.#now() - healedMs)
      await wait(BUS_LOOK_EVERY_MS)
    }
    this.unrest.push(`${name}: ${BUS_WITHIN_MS / 1_000} s after its return not every node heard by way of it`)
  }
}

function busEndOf(name: string): BusEnd | null {
  const ends = Object.keys(BUS_ENDS) as BusEnd[]
  return ends.find((how) => name.startsWith(BUS_ENDS[how])) ?? null
}

/** Null: it has not said. */
async function busAt(url: string): Promise<string | null> {
  try {
    const answer = await fetch(`${url}/health`, { signal: AbortSignal.timeout(BUS_TOLD_WITHIN_MS) })
    return ((await answer.json()) as { bus: string }).bus
  } catch {
    return null
  }
}
