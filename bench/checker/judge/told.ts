import { userTopic } from '@belfry/protocol/topics.ts'
import { type Event, TIME_MAX_MS } from '#checker/record/journal.ts'
import { Positions } from '#checker/record/positions.ts'
import type { Told } from '#checker/record/told.ts'
import { eventsIn } from './eras.ts'
import type { ClientHistory, History } from './history.ts'
import { type Known, phantom } from './phantoms.ts'
import { showedVerdicts } from './showed.ts'
import { sayOf, type Verdict, type VerdictKind } from './verdict.ts'

/** A node that stood still while an account was disabled, and did not hear of it, finds it in the database within this time. */
const ENDS_WITHIN_MS = 60_000

/** What one client was told in an era, over all of its connections. */
export function toldVerdicts(client: ClientHistory, history: History, known: Known): Verdict[] {
  const judge = new Telling(client, history, known)
  for (const event of eventsIn(client, history)) judge.take(event)
  if (history.untilMs === Infinity) judge.calms()
  return judge.verdicts
}

/** Of a room, as somebody holds it: number → as of which seq; and above which number it is whole. */
interface Holding {
  from: number
  rows: Map<number, number>
}

/** Goes through a client's history, and keeps only what the next event has to be compared with. */
class Telling {
  readonly #client: ClientHistory
  readonly #history: History
  readonly #known: Known
  readonly verdicts: Verdict[] = []
  readonly #holdings = new Map<string, Holding>()
  #positions = new Positions()
  #epoch: string | null = null
  #ms = 0
  #openedMs = 0

  constructor(client: ClientHistory, history: History, known: Known) {
    this.#client = client
    this.#history = history
    this.#known = known
  }

  take(event: Event): void {
    if (typeof event === 'number') return this.#told(this.#history.frames[event]!)
    switch (event.is) {
      case 'at':
        return void (this.#ms = event.ms)
      case 'opened':
        this.#positions = new Positions()
        return void (this.#ms = this.#openedMs = event.ms)
      case 'follows':
        for (const [topic, seq] of Object.entries(event.from)) this.#positions.follows(topic, seq)
        return
      case 'unfollowed':
        this.#positions.leaves(event.topic)
        return void this.#holdings.delete(event.topic)
      case 'welcomed':
        return this.#welcomed(event.epoch)
      case 'answered':
        for (const row of event.rows) this.#answeredWith(phantom(row, this.#known))
        return
      default:
        this.verdicts.push(...showedVerdicts(this.#client, event, this.#history))
    }
  }

  /** When all has come to rest, everybody stands where the database does, and holds what it holds. */
  calms(): void {
    const { database, memberships } = this.#history
    const { isOver, userId } = this.#client
    if (isOver) return
    for (const [topic, { seq }] of database.topics) {
      const position = this.#positions.of(topic)
      if (!memberships.isToldOf(topic, userId)) continue
      if (position !== seq) this.#say('lost', 'F4', `stands at ${topic} ${position}, the database at ${seq}`)
      else this.#compare(topic)
    }
  }

  #told(told: Told): void {
    this.#expectAccount()
    this.#expectOwn(told)
    if (this.#positions.take(told) === 'a hole' && !this.#isLossy())
      this.#say('hole', 'F1', `at ${told.topic} ${this.#positions.of(told.topic)} was told ${told.prev}–${told.seq}`)
    if (told.topic.startsWith('room:')) this.#holds(told)
  }

  /** [A4]: there is no order between topics, but after a while nothing is told any more. */
  #expectAccount(): void {
    const disabledMs = this.#history.disabled.get(this.#client.userId) ?? Infinity
    if (this.#ms > disabledMs + ENDS_WITHIN_MS)
      this.#say('unauthorised', 'A4', `was told something ${this.#ms - disabledMs} ms after the account was disabled`)
  }

  /** What a line has lost shows later: for as long as the connection lasts. */
  #isLossy(): boolean {
    return this.#history.lossy.some(({ fromMs, toMs }) => this.#openedMs <= toMs && this.#ms + TIME_MAX_MS >= fromMs)
  }

  #expectOwn(told: Told): void {
    if (told.topic.startsWith('room:')) return this.#expectReader(told)
    if (!told.topic.startsWith('user:')) return
    const { userId, sessionId } = this.#client
    if (told.topic !== userTopic(userId)) this.#say('unauthorised', 'A1', `was told ${told.topic} ${told.seq}`)
    const end = this.#history.database.sessionEnds.get(sessionId)
    if (end !== undefined && told.seq >= end) this.#say('unauthorised', 'A4', `was told ${told.topic} ${told.seq}, signed out at ${end}`)
    for (const { id } of told.rows) {
      const owner = this.#history.database.notifications.get(id)?.userId
      if (owner !== undefined && owner !== userId) this.#say('unauthorised', 'N1', `was told notification ${id} of ${owner}`)
    }
  }

  /** [A2]: as long as nobody has asked for their coming back, who is out is told nothing that has happened since. */
  #expectReader({ topic, seq, rows, named }: Told): void {
    const gap = this.#history.memberships.gapAt(topic.slice('room:'.length), this.#client.userId, seq)
    if (!gap || this.#ms + TIME_MAX_MS >= gap.untilMs) return
    const late = [...rows.map(({ changed }) => changed), ...named].find((changed) => changed >= gap.since)
    if (late !== undefined) this.#say('unauthorised', 'A2', `was told ${late} of ${topic}, out since ${gap.since}`)
  }

  /** From a position of another epoch nobody goes on [F8]; and there is no new connection after the account was disabled. */
  #welcomed(epoch: string): void {
    if (epoch !== this.#epoch) this.#positions = new Positions()
    this.#epoch = epoch
    const disabledMs = this.#history.disabled.get(this.#client.userId) ?? Infinity
    if (this.#openedMs > disabledMs)
      this.#say('unauthorised', 'A4', `was welcomed ${this.#openedMs - disabledMs} ms after the account was disabled`)
  }

  #answeredWith(why: string | null): void {
    if (why) this.#say('phantom', 'W2', `was answered: ${why}`)
  }

  #holds({ t, topic, part, from, rows }: Told): void {
    if (t === 'bump') return
    const isAnew = t === 'snapshot' && (part?.[0] ?? 0) === 0
    const holding = isAnew
      ? { from: from ?? 0, rows: new Map<number, number>() }
      : (this.#holdings.get(topic) ?? { from: 0, rows: new Map() })
    this.#holdings.set(topic, holding)
    for (const { n, changed } of rows) holding.rows.set(n, Math.max(changed, holding.rows.get(n) ?? 0))
  }

  /** [F5]: at the position, what is held is as the database has it. */
  #compare(topic: string): void {
    const holding = this.#holdings.get(topic)
    if (!holding) return
    for (const { id, n, changed } of this.#history.database.rooms.get(topic.slice('room:'.length)) ?? []) {
      const held = holding.rows.get(n) ?? 0
      if (n >= holding.from && held < changed) this.#say('hole', 'F5', `holds ${id} of ${topic} as of ${held}, it changed at ${changed}`)
    }
  }

  #say(is: VerdictKind, rule: string, what: string): void {
    this.verdicts.push(...sayOf(this.#client.name)(is, rule, what))
  }
}
