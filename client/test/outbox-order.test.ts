import type { Message } from '@belfry/protocol/rows.ts'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Belfry } from '#belfry.ts'
import { connect } from '#belfry.ts'
import { keepInMemory } from '#kept-in-memory.ts'
import type { FakeSocket } from './fake-world.ts'
import { change, FakeNetwork, live, message, snapshot, turn } from './fake-world.ts'

const ROOM = 'room:general'
const TURNS_MAX = 200

/** What the network, the server and the browser make of a sent post. */
const FATES = [
  'answered',
  'answer lost',
  'never arrives',
  'busy',
  'unknown, stored',
  'told, answer lost',
  'page reloads, stored',
  'page reloads, not stored',
] as const

type Fate = (typeof FATES)[number]
type Sent = ReturnType<FakeSocket['calls']>[number]

/** One browser that keeps its outbox, before a server that stores what reaches it, once an id. */
class Stage {
  readonly rows: Message[] = []
  readonly #net = new FakeNetwork()
  readonly #keep = keepInMemory()
  readonly #met = new Set<Sent['id']>()
  #socket: FakeSocket | null = null
  #belfry = this.#opens()

  get shown(): [string, string][] {
    return this.#belfry
      .room('general')
      .view.get()
      .items.map(({ body, state }) => [body, state])
  }

  writes(body: string): void {
    this.#belfry.room('general').post(body)
  }

  /** What is on its way now; null when nothing waits any more. */
  async nextSent(): Promise<Sent | null> {
    const socket = await this.#connected()
    return socket.calls('message.post').find(({ id }) => !this.#met.has(id)) ?? null
  }

  async meets(fate: Fate, sent: Sent): Promise<void> {
    this.#met.add(sent.id)
    const isStored = !['never arrives', 'busy', 'page reloads, not stored'].includes(fate)
    const row = isStored ? this.#stores(sent) : null
    if (fate === 'told, answer lost') this.#tells(change(ROOM, [0, row!.changed], { message: [row!] }))
    if (fate === 'answered') this.#tells({ t: 'reply', id: sent.id, result: row })
    else if (fate === 'busy') this.#tells({ t: 'reply', id: sent.id, refusal: { code: 'busy', detail: 'Too much to do.' } })
    else if (fate === 'unknown, stored') this.#tells({ t: 'reply', id: sent.id, refusal: { code: 'unknown', detail: 'Not known.' } })
    else if (fate.startsWith('page reloads')) this.#reloads()
    else this.#socket?.breaks()
    await this.#net.clock.passes(10_000)
  }

  ends(): void {
    this.#belfry.close()
  }

  #opens(): Belfry {
    return connect({ url: 'http://x', account: 'alice', rooms: ['general'], world: this.#net.world, keep: this.#keep })
  }

  #reloads(): void {
    this.#belfry.close()
    this.#belfry = this.#opens()
  }

  async #connected(): Promise<FakeSocket> {
    const socket = this.#net.socket
    if (socket !== this.#socket) {
      this.#met.clear()
      this.#socket = await this.#net.welcomes()
      const seq = this.rows.length
      this.#tells(snapshot(ROOM, seq, { rows: { message: [...this.rows] } }), live(ROOM, seq))
    }
    this.#tells({ t: 'pong' })
    await turn()
    return socket
  }

  #tells(...frames: object[]): void {
    this.#socket?.tells(...frames)
  }

  #stores({ input }: Sent): Message {
    const known = this.rows.find(({ id }) => id === input['id'])
    const row = known ?? message(this.rows.length + 1, { id: String(input['id']), body: String(input['body']), authorId: 'alice' })
    if (!known) this.rows.push(row)
    return row
  }
}

test('[W8] whatever is lost on the way, messages are stored once, in the order of writing', async () => {
  const fates = fc.array(fc.constantFrom(...FATES), { maxLength: 25 })
  await fc.assert(fc.asyncProperty(fates, fc.integer({ min: 1, max: 6 }), arriveInOrder), { numRuns: 150, seed: 20_260_101 })
})

async function arriveInOrder(fates: Fate[], posts: number): Promise<void> {
  const stage = new Stage()
  const written = Array.from({ length: posts }, (_, at) => `message ${at}`)
  for (const body of written) stage.writes(body)
  for (let turns = 0; turns < TURNS_MAX; turns++) {
    const sent = await stage.nextSent()
    if (!sent) break
    await stage.meets(fates[turns] ?? 'answered', sent)
  }
  expect(stage.rows.map(({ body }) => body)).toEqual(written)
  expect(stage.shown).toEqual(written.map((body) => [body, 'sent']))
  stage.ends()
}
