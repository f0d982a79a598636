import { type Belfry, connect } from '@belfry/client/belfry.ts'
import { uuidv7 } from '@belfry/protocol/uuid.ts'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startStage } from '#bench/checker/faults/cluster-with-links.ts'
import { isMeant } from '#bench/checker/faults/deals.ts'
import { CHANGES, type Fault, faults, PUBLISHED } from '#bench/checker/faults/faults.ts'
import type { Link } from '#bench/checker/faults/link.ts'
import { SmallDisk } from '#bench/checker/faults/small-disk.ts'
import { Dice } from '#bench/src/dice.ts'
import { runBelfry } from '#bench/src/programs/belfry-server.ts'
import { nginx, openssl, postgres, redis } from '#test/binaries.ts'

const PASSWORD = 'correct horse battery'
const SOON = { timeout: 60_000, interval: 20 }
/** While something fails. */
const ATTEMPT_WITHIN_MS = 500
const PACE_MS = 10
const HOUR_MS = 3_600_000

type Stage = Awaited<ReturnType<typeof startStage>>

/** Each of a moment of one write: how that is answered, and whether it is stored. */
const OF_ONE_WRITE: [name: string, answer: string | null, isStored: boolean | null][] = [
  ['the line to PostgreSQL breaks in the middle of a batch', 'unavailable', false],
  ['the line to PostgreSQL breaks before the commit has arrived', 'unknown', false],
  ['the line to PostgreSQL breaks before the commit is answered', 'unknown', true],
  ['the line to PostgreSQL breaks between commit and announcement', 'stored', true],
  ['a node is killed in the middle of a batch', null, false],
  ['a node is killed before the commit has arrived', null, false],
  ['a node is killed before the commit is answered', null, true],
  ['a node is killed between commit and announcement', null, true],
  ['a node is killed after the answer', 'stored', true],
  ['PostgreSQL is killed in the middle of a batch', 'unavailable', false],
  ['PostgreSQL is killed before the commit has arrived', 'unknown', false],
  // Which of the two comes first there, nobody knows.
  ['PostgreSQL is killed before the commit is answered', 'unknown', null],
  ['PostgreSQL is killed between commit and announcement', 'stored', true],
  ['PostgreSQL is killed after the answer', 'stored', true],
]
/** What is done there at one moment is done at others in the same way. */
const ELSEWHEN = /^(Redis is killed|.* stands still) (between|after) /
const CLOCKS = ['the clock of a node is an hour ahead', 'the clock of a node is an hour behind']
const DISK = 'the disk of PostgreSQL is full'
/** Those of which a test of their own tells. */
const special = new Set([...OF_ONE_WRITE.map(([name]) => name), ...CLOCKS, DISK])

describe.skipIf([nginx, openssl, postgres, redis].some(({ missing }) => missing))('two nodes of which something fails', () => {
  let stage: Stage
  let token: string

  beforeAll(async () => {
    stage = await startStage(2, { WEB: 'off' })
    token = await signsIn(stage)
  })

  afterAll(() => stage[Symbol.asyncDispose]())

  test.each(OF_ONE_WRITE)('[W2] [W3] %s: answered %s, stored %s', async (name, answer, isStored) => {
    const message = { link: stage.links.node[0]!, token, id: uuidv7() }
    const begun = faultNamed(name).begin(stage, new Dice(1))
    const answered = await posts(message)
    expect(answered.is).toBe(answer)
    await (
      await begun
    )()
    const again = await posts({ ...message, link: stage.links.node[1]! })
    expect(again).toMatchObject({ is: 'stored', ...(isStored !== null && { duplicate: isStored }) })
  })

  test.each([
    [CLOCKS[0]!, '1'],
    [CLOCKS[1]!, '-1'],
  ])('%s, in all that it does, and right again when healed', async (name, hours) => {
    const hoursOff = async () => {
      const answers = await Promise.all(stage.links.node.map((link) => posts({ link, token, id: uuidv7() })))
      return answers.map(({ createdAt }) => `${Math.round((createdAt! - Date.now()) / HOUR_MS)}`).toSorted()
    }
    const heal = await faultNamed(name).begin(stage, new Dice(1))
    expect(await hoursOff()).toEqual(['0', hours].toSorted())
    await heal()
    expect(await hoursOff()).toEqual(['0', '0'])
  })

  test.skipIf(!SmallDisk.isPossible)(
    '[W2] while the disk is full nothing is stored, and all is well when there is room again',
    async () => {
      const [link] = stage.links.node
      const heal = await faultNamed(DISK).begin(stage, new Dice(1))
      const ids: string[] = []
      await expect
        .poll(async () => {
          ids.push(uuidv7())
          return (await posts({ link: link!, token, id: ids.at(-1)!, body: LONG })).is
        }, SOON)
        .toBe('unavailable')
      await heal()
      await expect
        .poll(async () => posts({ link: link!, token, id: ids.at(-1)!, body: LONG }), SOON)
        .toMatchObject({ is: 'stored', duplicate: false })
      for (const id of ids) expect(await posts({ link: link!, token, id, body: LONG })).toMatchObject({ is: 'stored', duplicate: true })
    },
  )

  describe('while everybody posts and follows', () => {
    let people: Poster[]
    let followers: Follower[]

    beforeAll(() => {
      people = stage.links.node.map((link) => new Poster(link, token))
      followers = stage.links.node.map((link) => new Follower(link, token))
    })

    afterAll(async () => {
      for (const one of [...people, ...followers]) await one[Symbol.asyncDispose]()
    })

    test('on the lines is known what the bus says, and what those who follow are told', async () => {
      const { redis, node } = stage.links
      for (const [link, of] of [
        [redis[0]!, PUBLISHED],
        [node[0]!, CHANGES],
      ] as const) {
        let known = 0
        link.deal((unit) => {
          if (isMeant(unit, of)) known += 1
          return [unit.bytes]
        })
        await expect.poll(() => known, SOON).toBeGreaterThan(1)
        link.restore()
      }
    })

    const lasting = faults.filter(({ name }) => !special.has(name) && !ELSEWHEN.test(name))
    test.for(lasting.map((fault, seed) => [fault.name, fault, seed] as const))('[W2] [F4] %s', async ([, fault, seed]) => {
      const heal = await fault.begin(stage, new Dice(seed))
      await Promise.all(people.map((one) => one.tries()))
      await heal()
      const stored = await Promise.all(people.map((one) => one.stores()))
      const missing = () => {
        for (const follower of followers) follower.comesBack()
        return followers.flatMap(({ seen }) => stored.filter((id) => !seen.has(id)))
      }
      await expect.poll(missing, SOON).toEqual([])
    })

    test('[W2] what was answered as stored is stored, once', async () => {
      await Promise.all(people.map((one) => one[Symbol.asyncDispose]()))
      const kept = await allMessages(stage.links.node[0]!, token)
      const answered = people.flatMap((one) => one.answered)
      expect(answered.length).toBeGreaterThan(lasting.length)
      expect(answered.filter((id) => !kept.has(id))).toEqual([])
    })
  })
})

function faultNamed(name: string): Fault {
  return faults.find((fault) => fault.name === name)!
}

interface Answer {
  /** `stored`, a refusal's code, or null: there was none. */
  is: string | null
  duplicate: boolean
  createdAt?: number
}

/** What PostgreSQL has no room for when its disk is full, sooner or later. */
const LONG = 'x'.repeat(4_000)

interface Post {
  link: Link
  token: string
  id: string
  body?: string
  withinMs?: number
  cut?: AbortSignal
}

async function posts({ link, token, id, body = 'x', withinMs = SOON.timeout, cut }: Post): Promise<Answer> {
  const headers = { 'content-type': 'application/json', 'authorization': `Bearer ${token}` }
  const signal = AbortSignal.any([AbortSignal.timeout(withinMs), ...(cut ? [cut] : [])])
  const message = { method: 'POST', headers, body: JSON.stringify({ id, body }), signal }
  try {
    const answer = await fetch(`${link.url}/api/v1/rooms/general/messages`, message)
    const { code, duplicate = false, createdAt } = (await answer.json()) as { code: string; duplicate?: boolean; createdAt: number }
    return { is: answer.ok ? 'stored' : code, duplicate, createdAt }
  } catch {
    return { is: null, duplicate: false }
  }
}

/** Posts one message after the other at one node, and each again, under the same id, until it is answered as stored. */
class Poster implements AsyncDisposable {
  readonly answered: string[] = []
  readonly #link: Link
  readonly #token: string
  readonly #posting: Promise<void>
  #attempts = 0
  #begun = 0
  #withinMs = SOON.timeout
  /** Of the attempt that is under way. */
  #cut = new AbortController()
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
    this.#withinMs = ATTEMPT_WITHIN_MS
    this.#cut.abort()
    await expect.poll(() => this.#attempts > attempts + 1 || this.answered.length > length + 1, SOON).toBe(true)
  }

  /** Resolves with the id of a message that was begun from now on, once it is answered as stored. */
  async stores(): Promise<string> {
    const begun = this.#begun
    this.#withinMs = SOON.timeout
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
    this.#cut = new AbortController()
    const { is } = await posts({ link: this.#link, token: this.#token, id, withinMs: this.#withinMs, cut: this.#cut.signal })
    this.#attempts += 1
    return is === 'stored'
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
