import { setTimeout as wait } from 'node:timers/promises'
import type { Dice } from '#dice.ts'
import type { Plan } from './plan.ts'
import type { Site, SiteFault } from './sites/site.ts'

/** A connection to a process that was killed ends at once. */
const NOTICED_WITHIN_MS = 1_000
const BUS_LOOK_EVERY_MS = 20
const BUS_WITHIN_MS = 30_000

/** When a line to clients was one that loses what is said: milliseconds since the run began. */
export interface Spell {
  fromMs: number
  toMs: number
}

const NODE_ENDS = ['killed', 'stopped'] as const
/** Without a word, or after it has sent its clients away. */
export type NodeEnd = (typeof NODE_ENDS)[number]

const NEVER: Spell = { fromMs: Infinity, toMs: -Infinity }

/** Lets one thing after the other go wrong, and heals each. */
export class Conductor {
  /** How often each was made. */
  readonly made = new Map<string, number>()
  /** From the return of Redis until all nodes hear each other through it again, milliseconds each. */
  readonly busBackMs: number[] = []
  readonly lossy: Spell[] = []
  /** What goes wrong now. */
  fault: string | null = null
  /** Of the last node that ended. */
  readonly #ended: Record<NodeEnd, Spell> = { killed: NEVER, stopped: NEVER }
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

  /** With the end of which node went what was lost then; null: with none. */
  endAt(lostMs: number): NodeEnd | null {
    const isWithin = ({ fromMs, toMs }: Spell) => lostMs >= fromMs && lostMs < toMs + NOTICED_WITHIN_MS
    return NODE_ENDS.find((how) => isWithin(this.#ended[how])) ?? null
  }

  async #makes(fault: SiteFault, lastMs: number): Promise<void> {
    this.fault = fault.name
    const fromMs = this.#now()
    const end = NODE_ENDS.find((how) => fault.name.startsWith(`a node is ${how}`))
    if (end) this.#ended[end] = { fromMs, toMs: Infinity }
    // Where nobody writes, the moment for which some of them wait does not come.
    const heal = await fault.begin(this.#dice).catch(() => null)
    if (end) this.#ended[end] = heal ? { fromMs, toMs: this.#now() } : NEVER
    if (!heal) return void (this.fault = null)
    await wait(lastMs)
    await heal()
    if (fault.name.startsWith('changes on the way')) this.lossy.push({ fromMs, toMs: this.#now() })
    this.made.set(fault.name, this.made.get(fault.name)! + 1)
    this.fault = null
    if (fault.name.startsWith('Redis')) await this.#busIsBack()
  }

  async #busIsBack(): Promise<void> {
    const healedMs = this.#now()
    while (this.#now() - healedMs < BUS_WITHIN_MS) {
      const states = await Promise.all(this.#site.nodes.map(({ url }) => busAt(url)))
      if (states.every((state) => state === 'ok')) return void this.busBackMs.push(this.#now() - healedMs)
      await wait(BUS_LOOK_EVERY_MS)
    }
  }
}

async function busAt(url: string): Promise<string | null> {
  const answer = await fetch(`${url}/health`).catch(() => null)
  return answer ? ((await answer.json()) as { bus: string }).bus : null
}
