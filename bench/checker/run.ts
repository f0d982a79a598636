import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { Settings } from '#programs/belfry-server.ts'
import { Conductor } from './conductor.ts'
import { Dice } from '#dice.ts'
import type { ClientHistory, History } from './judge/history.ts'
import { judge } from './judge/judge.ts'
import type { Outcome } from './outcome.ts'
import type { Plan } from './plan.ts'
import { type Books, booksOf, type Eras, putBack } from './put-back.ts'
import { FrameBook, framesIn } from './record/frame-book.ts'
import type { Event } from './record/journal.ts'
import { linesIn } from './record/lines.ts'
import { Doors } from './record/doors.ts'
import type { Tape } from './record/recording.ts'
import { openSite, type Site } from './sites/site.ts'
import { settle } from './sites/town.ts'
import { Crowd } from './workload/crowd.ts'
import { Memberships } from './workload/memberships.ts'
import { GivenUp, Operator } from './workload/operator.ts'

const GATHER_WITHIN_MS = 120_000
const TELL_EVERY_MS = 30_000
const LOOK_EVERY_MS = 100

interface Around {
  /** Where the records are kept. */
  folder: string
  /** Settings of the nodes, besides. */
  settings: Settings
  progress(line: string): void
}

/** One run: people gather, all goes wrong for a while, all comes to rest, and everything is judged. */
export async function run(plan: Plan, around: Around): Promise<Outcome> {
  await using site = await openSite(plan.nodes, around.settings)
  const scene = await gather(plan, site, around)
  const { crowd, memberships } = scene
  const missing = await crowd.comes(GATHER_WITHIN_MS)
  const { lastedMs, isStill } = missing.length === 0 ? await rages(plan, scene) : { lastedMs: 0, isStill: false }
  const restless = await crowd.calms(plan.calmWithinMs, site.records, memberships)
  const still = isStill ? [`nothing was acknowledged, or healed, for ${plan.stillAfterMs / 1_000} s`] : []
  const unrest = [...scene.conductor.unrest, ...still, ...restless]
  crowd.shows()
  const over = new Set(crowd.clients.filter(({ isOver }) => isOver).map(({ recording }) => recording.name))
  crowd.close()
  scene.tape.frames.flush()
  const last: Books = { ...(await booksOf({ site, ...scene })), gone: scene.eras.gone, untilMs: Infinity }
  const clients = clientsOf(scene, last, { folder: around.folder, over })
  const frames = framesIn(around.folder)
  const histories = [...scene.eras.ended, last].map((books): History => ({ ...books, clients, frames, lossy: scene.conductor.lossy }))
  return { plan, missing, unrest, lastedMs, ...countsOf(scene, last), verdicts: histories.flatMap(judge) }
}

/** A client lost its connection, and was live again. */
interface Return {
  lostMs: number
  tookMs: number
}

/** All that takes part in a run. */
interface Scene {
  dice: Dice
  tape: Tape
  crowd: Crowd
  operator: Operator
  memberships: Memberships
  conductor: Conductor
  eras: Eras
  returns: Return[]
  progress: Around['progress']
}

async function gather(plan: Plan, site: Site, { folder, progress }: Around): Promise<Scene> {
  const dice = new Dice(plan.seed)
  const town = await settle(site.records.store, plan.size)
  const doors = new Doors(site.links, dice)
  const memberships = new Memberships()
  const beganAt = performance.now()
  const now = () => Math.round(performance.now() - beganAt)
  const returns: Return[] = []
  const cameBack = (lostMs: number) => void returns.push({ lostMs, tookMs: now() - lostMs })
  const tally = { deliveries: 0, acknowledged: 0, refused: new Map<string, number>() }
  const tape: Tape = { frames: new FrameBook(folder), tally, now, cameBack }
  const operator = new Operator({ town, records: site.records, doors, memberships, dice, movesWriters: plan.isContested, now })
  await operator.takesStock()
  const eras: Eras = { ended: [], gone: [] }
  const faults = [...site.faults, putBack({ site, operator, memberships, file: join(folder, 'backup'), now }, eras)]
  const conductor = new Conductor(site, { faults, dice, now, only: plan.only })
  const crowd = new Crowd({ town, doors, dice, tape, folder, memberships, isContested: plan.isContested })
  return { dice, tape, crowd, operator, memberships, conductor, eras, returns, progress }
}

/** `over`: who had given up by themselves in the end. */
function clientsOf(
  { crowd, eras: { ended } }: Scene,
  last: Books,
  { folder, over }: { folder: string; over: Set<string> },
): ClientHistory[] {
  const wasDisabled = (userId: string) => ended.some(({ disabled }) => disabled.has(userId))
  return crowd.clients.map(({ recording: { name, userId, sessionId } }): ClientHistory => {
    const events = () => linesIn<Event>(join(folder, `${name}.jsonl`))
    // Whoever has heard that they are shut out does not come back by themselves when they may.
    return { name, userId, sessionId, isOver: last.disabled.has(userId) || (over.has(name) && wasDisabled(userId)), events }
  })
}

function countsOf({ crowd, conductor, tape: { tally }, returns }: Scene, { database: { messages, notifications } }: Books) {
  return {
    faults: Object.fromEntries(conductor.made),
    tally: { ...tally, refused: Object.fromEntries(tally.refused) },
    clients: crowd.clients.length,
    stored: { messages: messages.size, notifications: notifications.size },
    backMs: backMsOf(returns, conductor),
    busBackMs: conductor.busBackMs,
  }
}

/** In the end: however long it took, and whatever came meanwhile. */
function backMsOf(returns: Return[], conductor: Conductor): Outcome['backMs'] {
  const byEnd = Map.groupBy(returns, ({ lostMs }) => conductor.endAt(lostMs))
  const tookMs = (end: keyof Outcome['backMs']) => (byEnd.get(end) ?? []).map((one) => one.tookMs)
  return { killed: tookMs('killed'), stopped: tookMs('stopped') }
}

/** How long it lasted, and whether it stood still in the end. */
async function rages(plan: Plan, scene: Scene): Promise<{ lastedMs: number; isStill: boolean }> {
  const { crowd, operator, conductor, tape, dice, progress } = scene
  const beganMs = tape.now()
  const over = new AbortController()
  crowd.begins(dice, { actsMs: plan.actsEveryMs, cutsMs: plan.cutsEveryMs })
  const isReached = () => tape.now() - beganMs >= plan.minutes * 60_000 && tape.tally.deliveries >= plan.deliveries
  const standsStill = stillness(tape, plan.stillAfterMs)
  const others = [conductor.conducts(plan.faults, over.signal), operates(plan, operator, { dice, isOver: () => over.signal.aborted })]
  const done = Promise.all(others)
  for (let toldMs = beganMs; !isReached() && !standsStill(); await wait(LOOK_EVERY_MS)) {
    if (tape.now() - toldMs < TELL_EVERY_MS) continue
    toldMs = tape.now()
    progress(lineOf(tape, conductor))
  }
  let isStill = standsStill()
  over.abort()
  crowd.rests()
  let areDone = false
  void done.finally(() => (areDone = true)).catch(() => {})
  // Nobody writes any more: what is to be healed has its own time.
  const healsNot = stillness(tape, plan.stillAfterMs)
  for (; !areDone && !isStill; await wait(LOOK_EVERY_MS)) isStill = healsNot()
  operator.givesUp()
  await done
  return { lastedMs: tape.now() - beganMs, isStill }
}

/** Answers, whenever it is asked, whether nothing was acknowledged for so long. */
function stillness({ tally, now }: Tape, afterMs: number): () => boolean {
  let [acknowledged, sinceMs] = [tally.acknowledged, now()]
  return () => {
    if (tally.acknowledged > acknowledged) [acknowledged, sinceMs] = [tally.acknowledged, now()]
    return now() - sinceMs >= afterMs
  }
}

/** Disables its accounts one after the other, evenly over the time that is planned. */
async function operates(plan: Plan, operator: Operator, { dice, isOver }: { dice: Dice; isOver(): boolean }): Promise<void> {
  const beganAt = performance.now()
  const everyMs = (plan.minutes * 60_000) / (plan.disabled + 1)
  while (!isOver()) {
    const due = Math.min(plan.disabled, Math.floor((performance.now() - beganAt) / everyMs))
    const work = operator.disabled.size < due ? operator.disables() : operator.acts()
    await work.catch((error: unknown) => {
      if (!(error instanceof GivenUp)) throw error
    })
    await wait(dice.below(2 * plan.operatesEveryMs))
  }
}

function lineOf({ tally, now, frames }: Tape, { made, fault }: Conductor): string {
  const times = [...made.values()].reduce((sum, count) => sum + count, 0)
  const deliveries = tally.deliveries.toLocaleString('en')
  return `${Math.round(now() / 1000)} s: ${deliveries} deliveries of ${frames.count.toLocaleString('en')} frames, ${tally.acknowledged.toLocaleString('en')} acknowledged, ${times} faults${fault ? `; now ${fault}` : ''}`
}
