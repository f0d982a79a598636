import { setTimeout as wait } from 'node:timers/promises'
import { callOverHttp } from '@belfry/client/http-call.ts'
import { worldWith } from '@belfry/client/world.ts'
import type { Input, Result } from '@belfry/protocol/commands.ts'
import { REFUSALS, type RefusalBody } from '@belfry/protocol/refusals.ts'
import type { CommandName } from '@belfry/protocol/routes.ts'
import type { Dice } from '#dice.ts'
import type { Doors } from '#checker/record/doors.ts'
import type { Records } from '#checker/sites/records.ts'
import type { Person, Town, TownRoom } from '#checker/sites/town.ts'
import type { Memberships } from './memberships.ts'

const ANSWER_WITHIN_MS = 5_000
const AGAIN_AFTER_MS = 200
/** What was asked and not answered has been done by then, or never will be. */
const ATTEMPT_OPEN_MS = 120_000
const KEYS = 40

/** What it rang, as it was answered, and when. */
export interface Rung {
  userId: string
  id: string
  ms: number
}

interface Office {
  town: Town
  records: Records
  doors: Pick<Doors, 'next'>
  memberships: Memberships
  dice: Dice
  /** Also in the middle of their writing. */
  movesWriters: boolean
  now(): number
}

/** It was told that no answer will come any more. */
export class GivenUp extends Error {
  override name = 'GivenUp'
}

/** Brings people into closed rooms and removes them, rings, and disables accounts; repeats each until the answer is definite. */
export class Operator {
  /** When whose account was disabled, at the latest. */
  readonly disabled = new Map<string, number>()
  readonly rung: Rung[] = []
  readonly #office: Office
  readonly #world = worldWith()
  readonly #closed: TownRoom[]
  /** Until when a late attempt may still be carried out, by room and person: until then nobody asks for the contrary. */
  readonly #openUntil = new Map<string, number>()
  #count = 0
  #hasGivenUp = false
  /** What it does now. */
  #work: Promise<unknown> = Promise.resolve()

  constructor(office: Office) {
    this.#office = office
    this.#closed = office.town.rooms.filter(({ kind }) => kind === 'closed')
  }

  /** How people stand: before it begins, and when all that it has done since may be undone. */
  async takesStock(): Promise<void> {
    const { records, memberships } = this.#office
    const [users, members] = await records.store.read((db) =>
      Promise.all([
        db.selectFrom('users').select('id').where('disabledAt', 'is', null).execute(),
        db.selectFrom('members').select(['roomId', 'id', 'changed', 'endedAt']).execute(),
      ]),
    )
    for (const { id } of users) this.disabled.delete(id)
    for (const { id: roomId } of this.#closed) {
      const own = members.filter((row) => row.roomId === roomId)
      memberships.begin(
        roomId,
        own.map(({ id, changed, endedAt }) => [id, changed, endedAt === null ? 'in' : 'out']),
      )
    }
    this.#openUntil.clear()
  }

  acts(): Promise<void> {
    const { dice } = this.#office
    return this.inTurn(
      dice.weighted<() => Promise<void>>([
        [50, () => this.#moves()],
        [50, () => this.#rings()],
      ]),
    )
  }

  disables(): Promise<void> {
    const { dice, now } = this.#office
    return this.inTurn(async () => {
      const { id } = dice.pick(this.#standing())
      await this.#insists('user.update', { id, isDisabled: true })
      this.disabled.set(id, now())
    })
  }

  /** When what it does now is done; until this is done it does nothing else. */
  inTurn(work: () => Promise<void>): Promise<void> {
    const mine = this.#work.then(work)
    this.#work = mine.catch(() => {})
    return mine
  }

  /** Insists on nothing any more. */
  givesUp(): void {
    this.#hasGivenUp = true
  }

  #standing(): Person[] {
    return this.#office.town.people.filter(({ id }) => !this.disabled.has(id))
  }

  #movable(): Person[] {
    return this.#standing().filter(({ isWriter }) => this.#office.movesWriters || !isWriter)
  }

  async #moves(): Promise<void> {
    const { dice, memberships, now } = this.#office
    const { id: roomId } = dice.pick(this.#closed)
    const { id } = dice.pick(this.#movable())
    const pair = `${roomId} ${id}`
    if ((this.#openUntil.get(pair) ?? 0) > now()) return
    const fromMs = now()
    const isIn = memberships.isIn(roomId, id)
    const { wasOpen } = await this.#insists(isIn ? 'member.remove' : 'member.add', { roomId, id })
    if (wasOpen) this.#openUntil.set(pair, now() + ATTEMPT_OPEN_MS)
    const { seq, is } = await this.#stands(roomId, id)
    memberships.moved(roomId, id, { is, seq, fromMs })
  }

  /** How somebody stands in a room, and since which of its seqs: nobody else moves anybody. */
  async #stands(roomId: string, userId: string): Promise<{ seq: number; is: 'in' | 'out' }> {
    while (!this.#hasGivenUp) {
      const read = this.#office.records.store.read((db) =>
        db.selectFrom('members').select(['changed', 'endedAt']).where('roomId', '=', roomId).where('id', '=', userId).executeTakeFirst(),
      )
      const row = await read.catch(() => null)
      if (row) return { seq: row.changed, is: row.endedAt === null ? 'in' : 'out' }
      if (row === undefined) return { seq: 0, is: 'out' }
      await wait(AGAIN_AFTER_MS)
    }
    throw new GivenUp('The records were never read.')
  }

  async #rings(): Promise<void> {
    const { dice, now } = this.#office
    const to = this.#standing()
      .filter(() => dice.happens(0.2))
      .map(({ id }) => id)
    if (to.length === 0) return
    const key = `key ${dice.happens(0.2) ? dice.below(KEYS) : (this.#count += 1) + KEYS}`
    const { result } = await this.#insists('notification.publish', { to, title: `Build ${key} failed`, key })
    if (result) this.rung.push(...result.items.map((item) => ({ userId: item.to, id: item.id, ms: now() })))
  }

  /** Until it is done, or refused for good, or given up. `wasOpen`: some attempt was not answered. */
  async #insists<N extends CommandName>(name: N, input: Input<N>): Promise<{ result: Result<N> | null; wasOpen: boolean }> {
    for (let wasOpen = false; !this.#hasGivenUp; wasOpen = true) {
      const answer = await this.#asks(name, input)
      if (answer && 'result' in answer) return { result: answer.result as Result<N>, wasOpen }
      if (answer && isDefinite(answer.refusal)) return { result: null, wasOpen }
      await wait(AGAIN_AFTER_MS)
    }
    throw new GivenUp(`${name} was neither done nor refused for good.`)
  }

  /** Null: no answer came. */
  async #asks(name: string, input: unknown): Promise<Awaited<ReturnType<typeof callOverHttp>> | null> {
    const { doors, town } = this.#office
    const to = { url: doors.next().link.url, token: town.admin.token, signal: AbortSignal.timeout(ANSWER_WITHIN_MS) }
    return callOverHttp(this.#world, to, { name, input }).catch(() => null)
  }
}

function isDefinite({ code }: RefusalBody): boolean {
  return !REFUSALS[code].again && code !== 'internal'
}
