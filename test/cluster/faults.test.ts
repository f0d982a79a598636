import { type Belfry, connect } from '@belfry/client/belfry.ts'
import { uuidv7 } from '@belfry/protocol/uuid.ts'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startStage } from '#bench/checker/faults/cluster-with-links.ts'
import { faults } from '#bench/checker/faults/faults.ts'
import type { Link } from '#bench/checker/faults/link.ts'
import { Dice } from '#bench/src/dice.ts'
import { runBelfry } from '#bench/src/programs/belfry-server.ts'
import { nginx, openssl, postgres, redis } from '#test/binaries.ts'

const PASSWORD = 'correct horse battery'
const START_WITHIN_MS = 60_000
/** Whoever has lost their connection comes back within this time, and a bit. */
const SOON = { timeout: 15_000, interval: 20 }
const ATTEMPT_WITHIN_MS = 1_000
const PACE_MS = 10

type Stage = Awaited<ReturnType<typeof startStage>>

describe.skipIf([nginx, openssl, postgres, redis].some(({ missing }) => missing))('two nodes of which something fails', () => {
  let stage: Stage
  let token: string
  let people: Poster[]
  let followers: Follower[]

  beforeAll(async () => {
    stage = await startStage(2, { WEB: 'off' })
    token = await signsIn(stage)
    people = stage.links.node.map((link) => new Poster(link, token))
    followers = stage.links.node.map((link) => new Follower(link, token))
  }, START_WITHIN_MS)

  afterAll(async () => {
    for (const one of [...people, ...followers]) await one[Symbol.asyncDispose]()
    await stage[Symbol.asyncDispose]()
  })

  test.for(faults.map((fault, seed) => ({ fault, seed, name: fault.name })))('[W2] [F4] $name', async ({ fault, seed }) => {
    if (!fault.isPossible(stage)) return
    const heal = await fault.begin(stage, new Dice(seed))
    await Promise.all(people.map((one) => one.tries()))
    await heal()
    for (const follower of followers) follower.comesBack()
    const stored = await Promise.all(people.map((one) => one.stores()))
    await expect.poll(() => followers.flatMap(({ seen }) => stored.filter((id) => !seen.has(id))), SOON).toEqual([])
  })

  test('[W2] what was answered as stored is stored, once', async () => {
    await Promise.all(people.map((one) => one[Symbol.asyncDispose]()))
    const kept = await allMessages(stage.links.node[0]!, token)
    const answered = people.flatMap((one) => one.answered)
    expect(answered.length).toBeGreaterThan(faults.length)
    expect(answered.filter((id) => !kept.has(id))).toEqual([])
  })
})

/** Posts one message after the other at one node, and each again, under the same id, until it is answered as stored. */
class Poster implements AsyncDisposable {
  readonly answered: string[] = []
  readonly #link: Link
  readonly #token: string
  readonly #posting: Promise<void>
  #attempts = 0
  #begun = 0
  #isOver = false

  constructor(link: Link, token: string) {
    this.#link = link
    this.#token = token
    this.#posting = this.#postAll()
  }

  /** Resolves when an attempt has ended that was begun from now on, either way. */
  async tries(): Promise<void> {
    const { length } = this.answered
    const attempts = this.#attempts
    await expect.poll(() => this.#attempts > attempts + 1 || this.answered.length > length + 1, SOON).toBe(true)
  }

  /** Resolves with the id of a message that was begun from now on, once it is answered as stored. */
  async stores(): Promise<string> {
    const begun = this.#begun
    await expect.poll(() => this.answered.length, SOON).toBeGreaterThan(begun)
    return this.answered[begun]!
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isOver = true
    await this.#posting
  }

  async #postAll(): Promise<void> {
    while (!this.#isOver) {
      const id = uuidv7()
      this.#begun += 1
      while (!(await this.#post(id))) {
        if (this.#isOver) return
        await wait(PACE_MS)
      }
      this.answered.push(id)
      await wait(PACE_MS)
    }
  }

  async #post(id: string): Promise<boolean> {
    const headers = { 'content-type': 'application/json', 'authorization': `Bearer ${this.#token}` }
    const signal = AbortSignal.timeout(ATTEMPT_WITHIN_MS)
    const message = { method: 'POST', headers, signal, body: JSON.stringify({ id, body: 'x'.repeat(500) }) }
    const isStored = await fetch(`${this.#link.url}/api/v1/rooms/general/messages`, message).then(
      ({ ok }) => ok,
      () => false,
    )
    this.#attempts += 1
    return isStored
  }
}

/** Follows General at one node, as the app does. */
class Follower implements AsyncDisposable {
  readonly seen = new Set<string>()
  readonly #belfry: Belfry

  constructor(link: Link, token: string) {
    this.#belfry = connect({ url: link.url, token, rooms: ['general'] })
    const { view } = this.#belfry.room('general')
    view.subscribe(() => {
      for (const { id } of view.get().latest) this.seen.add(id)
    })
  }

  /** Now, and not when it would try again by itself: after so many losses that takes a while. */
  comesBack(): void {
    this.#belfry.retryNow()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#belfry.close()
  }
}

async function signsIn({ cluster, links }: Stage): Promise<string> {
  await runBelfry(cluster.settings, ['user', 'create', 'alice', '--password-stdin'], PASSWORD)
  const headers = { 'content-type': 'application/json' }
  const body = JSON.stringify({ username: 'alice', password: PASSWORD })
  const answer = await fetch(`${links.node[0]!.url}/api/v1/session`, { method: 'POST', headers, body })
  return /=(.*?);/.exec(answer.headers.getSetCookie()[0]!)![1]!
}

async function allMessages({ url }: Link, token: string): Promise<Set<string>> {
  const kept = new Set<string>()
  for (let before: number | null = Number.MAX_SAFE_INTEGER; before !== null;) {
    const page = await fetch(`${url}/api/v1/rooms/general/messages?before=${before}`, { headers: { authorization: `Bearer ${token}` } })
    const { items, next } = (await page.json()) as { items: { id: string }[]; next: number | null }
    for (const { id } of items) {
      expect(kept.has(id)).toBe(false)
      kept.add(id)
    }
    before = next
  }
  return kept
}
