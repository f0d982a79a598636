import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { Store } from '@belfry/server/store/store.ts'
import type { Dice } from '#dice.ts'
import { Journal } from '#checker/record/journal.ts'
import type { Doors } from '#checker/record/doors.ts'
import { Recording, type Tape } from '#checker/record/recording.ts'
import type { Records } from '#checker/sites/records.ts'
import type { Person, SignedIn, Town } from '#checker/sites/town.ts'
import { Follower } from './follower.ts'
import type { Memberships } from './memberships.ts'
import { Screen } from './screen.ts'

const LOOK_EVERY_MS = 200
/** What comes to rest stays so for some looks: a mark may be on its way. */
const CALM_LOOKS = 5

interface Gathering {
  town: Town
  doors: Doors
  dice: Dice
  tape: Tape
  memberships: Memberships
  /** Whether a person's devices change each other's messages. */
  isContested: boolean
  /** Where their journals are kept. */
  folder: string
}

/** All clients of a run. */
export class Crowd {
  readonly screens: Screen[] = []
  readonly followers: Follower[] = []
  readonly #doors: Doors
  #isResting = true

  constructor({ town, doors, dice, tape, folder, isContested, memberships }: Gathering) {
    this.#doors = doors
    const roomIds = town.rooms.map(({ id }) => id)
    for (const person of town.people) {
      for (const device of person.devices) {
        const recording = this.#record(person, device, { folder, tape })
        const how = { token: device.token, roomIds, doors, dice }
        if (person.isWriter) this.screens.push(new Screen(recording, { ...how, isContested }))
        else this.followers.push(new Follower(recording, { ...how, mayRead: (roomId) => memberships.mayRead(roomId, person.id) }))
      }
    }
  }

  get clients(): (Screen | Follower)[] {
    return [...this.screens, ...this.followers]
  }

  /** Each does something once in so many milliseconds, and as often as it is said somebody loses their connection. */
  begins(dice: Dice, every: { actsMs: number; cutsMs: number }): void {
    this.#isResting = false
    for (const screen of this.screens) this.#keepsActing(screen, dice, every.actsMs)
    this.#keepsCutting(dice, every.cutsMs)
  }

  rests(): void {
    this.#isResting = true
  }

  /** Resolves when everybody is live; answers whom, after this time, that is not true of. */
  comes(withinMs: number): Promise<string[]> {
    return this.#until(withinMs, async () =>
      this.#standing().flatMap(({ recording }) => (recording.isLive ? [] : `${recording.name} is not live`)),
    )
  }

  /** Resolves when everything was sent, and everybody was told all that they may see; answers what, after this time, is not so. */
  calms(withinMs: number, records: Records, memberships: Memberships): Promise<string[]> {
    return this.#until(withinMs, async () => {
      const screens = this.screens.filter(({ isOver }) => !isOver)
      for (const screen of screens) screen.givesUp()
      for (const screen of screens) screen.retryNow()
      const seqs = await seqsIn(records.store)
      const behind = this.#standing().flatMap(({ recording }) => whatIsMissing(recording, seqs, memberships))
      return [...behind, ...screens.flatMap(({ recording, isQuiet }) => (isQuiet ? [] : `${recording.name} has something to send`))]
    })
  }

  shows(): void {
    for (const screen of this.screens) if (!screen.isOver) screen.shows()
  }

  close(): void {
    for (const client of this.clients) client.close()
    for (const { recording } of this.clients) recording.journal.flush()
  }

  #record(person: Person, { sessionId }: SignedIn, { folder, tape }: { folder: string; tape: Tape }): Recording {
    const name = `${person.isWriter ? 'd' : 'f'}${this.clients.length}`
    return new Recording({ name, userId: person.id, sessionId }, new Journal(join(folder, `${name}.jsonl`), tape.now), tape)
  }

  #keepsActing(screen: Screen, dice: Dice, everyMs: number): void {
    setTimeout(
      () => {
        if (this.#isResting || screen.isOver) return
        screen.acts()
        this.#keepsActing(screen, dice, everyMs)
      },
      dice.below(2 * everyMs),
    )
  }

  #keepsCutting(dice: Dice, everyMs: number): void {
    setTimeout(
      () => {
        if (this.#isResting) return
        if (this.#doors.sockets.size > 0) dice.pick([...this.#doors.sockets]).cut()
        this.#keepsCutting(dice, everyMs)
      },
      dice.below(2 * everyMs),
    )
  }

  #standing(): (Screen | Follower)[] {
    return this.clients.filter(({ isOver }) => !isOver)
  }

  /** Until it answers nothing any more, for a while. */
  async #until(withinMs: number, left: () => Promise<string[]>): Promise<string[]> {
    const deadline = performance.now() + withinMs
    for (let calm = 0; ; await wait(LOOK_EVERY_MS)) {
      const now = await left().catch((error: unknown) => [String(error)])
      calm = now.length === 0 ? calm + 1 : 0
      if (calm === CALM_LOOKS || performance.now() > deadline) return now
    }
  }
}

async function seqsIn(store: Store): Promise<Map<string, number>> {
  const rows = await store.read((db) => db.selectFrom('topics').select(['topic', 'seq']).execute())
  return new Map(rows.map(({ topic, seq }) => [topic, seq]))
}

function whatIsMissing({ name, isLive, userId, positions }: Recording, seqs: Map<string, number>, memberships: Memberships): string[] {
  if (!isLive) return [`${name} is not live`]
  const behind = [...seqs].filter(([topic, seq]) => memberships.isToldOf(topic, userId) && positions.of(topic) !== seq)
  return behind.map(([topic, seq]) => `${name} stands at ${topic} ${positions.of(topic)}, the database at ${seq}`)
}
