import { describe, expect } from 'vitest'
import { journey } from './journey.ts'
import { PATIENCE, type Screen } from './screen.ts'
import type { World } from './world.ts'

/** A pixel is lost where heights are fractions. */
const STILL_WITHIN_PX = 1.5
/** Of the wheel: more than the longest story takes. */
const TURNS_MAX = 300
const RESTLESS_TURNS = 150

describe('far back in a long history', () => {
  journey(
    'one scrolls back further than is held, and returns by scrolling: every message is there, once and in order',
    async ({ world }) => {
      const alice = await inTower(world)
      await alice.isInView('#1500')
      const back = await readsOn(alice, { wheelPx: -500, until: (n) => n < 850 })
      expect(back).toEqual(allFrom(back[0]!))
      await alice.button('Jump to latest').waitFor()
      expect(await alice.log.locator('article').count()).toBeLessThan(120)

      const forth = await readsOn(alice, { wheelPx: 500, until: (n) => n >= 1_500 })
      expect(forth).toEqual(allFrom(forth[0]!))
      await alice.isInView('#1500')
      await expect.poll(() => alice.button('Jump to latest').count(), PATIENCE).toBe(0)
    },
  )

  journey('who turns the wheel without a rest is never thrown back', async ({ world }) => {
    const alice = await inTower(world)
    await alice.isInView('#1500')
    await alice.comesToRest()
    const thrown = await alice.log.evaluateHandle(thrownDown)
    await alice.log.hover()
    for (let turns = 0; turns < RESTLESS_TURNS; turns++) await alice.page.mouse.wheel(0, -300)
    await alice.comesToRest()
    expect((await numbersInView(alice))[0]).toBeLessThan(1_300)
    expect(await thrown.jsonValue()).toEqual([])
  })

  journey('and returns at once by the button', async ({ world }) => {
    const alice = await inTower(world)
    await alice.isInView('#1500')
    await readsOn(alice, { wheelPx: -2_500, until: (n) => n < 800 })
    await alice.button('Jump to latest').click()
    await alice.isInView('#1500')
    expect(await alice.button('Jump to latest').count()).toBe(0)
  })

  journey('what others write and change meanwhile moves nothing; the button counts it', async ({ world }) => {
    const alice = await inTower(world, 'tower-700')
    const bob = await (await world.person('bob')).opens('/rooms/tower')
    await alice.isInView('#0700')
    await alice.comesToRest()
    const before = await alice.topOf('#0700')

    await bob.writes('Something new', 'More of it', 'The last of it')
    await bob.isAllSent()
    await alice.button('3 new messages').waitFor()
    expect(Math.abs((await alice.topOf('#0700')) - before)).toBeLessThan(STILL_WITHIN_PX)
    expect(await alice.message('Something new').count()).toBe(0)

    const there = await bob.person.opens('/rooms/tower/tower-691')
    await there.edits('#0691', '#0691 is another text now')
    await alice.sees('is another text now')
    await alice.comesToRest()
    expect(Math.abs((await alice.topOf('#0700')) - before)).toBeLessThan(STILL_WITHIN_PX)
    await alice.button('3 new messages').click()
    await alice.isInView('The last of it')
  })

  journey('[F1] [F3] a lost connection, and a restored backup, leave the reader where they are', async ({ world }) => {
    const alice = await inTower(world, 'tower-700')
    await alice.isInView('#0700')
    await alice.comesToRest()
    const before = await alice.topOf('#0700')
    alice.person.network.cut()
    await alice.seesText(/Connection lost\.|Connecting again…/)
    alice.person.network.restore()
    await alice.seesNo('Connect')
    expect(Math.abs((await alice.topOf('#0700')) - before)).toBeLessThan(STILL_WITHIN_PX)

    await world.server.stop()
    await world.belfry('restored')
    await world.server.start()
    await alice.seesNo('Connect')
    await alice.comesToRest()
    await expect.poll(async () => Math.abs((await alice.topOf('#0700')) - before), PATIENCE).toBeLessThan(STILL_WITHIN_PX)
    await readsOn(alice, { wheelPx: -2_500, until: (n) => n < 600 })
  })
})

async function inTower(world: World, messageId?: string): Promise<Screen> {
  await world.room({ id: 'tower', name: 'Tower', messages: 1_500 })
  return (await world.person('alice')).opens(['/rooms/tower', ...(messageId ? [messageId] : [])].join('/'))
}

/** Turns the wheel on and on; answers the numbers of all that came into view on the way, in order. */
async function readsOn(screen: Screen, { wheelPx, until }: { wheelPx: number; until: (n: number) => boolean }): Promise<number[]> {
  const read = new Set<number>()
  const isThere = async () => {
    await screen.comesToRest()
    const numbers = await numbersInView(screen)
    for (const n of numbers) read.add(n)
    await screen.scrolls(wheelPx)
    return numbers.some(until)
  }
  for (let turns = 0; !(await isThere()); turns++) if (turns === TURNS_MAX) throw new Error(`Not in view, after #${[...read].at(-1)}.`)
  return [...read].toSorted((a, b) => a - b)
}

/** Of the messages in view; throws when they do not stand in order. */
function numbersInView(screen: Screen): Promise<number[]> {
  return screen.log.evaluate((log) => {
    const view = log.getBoundingClientRect()
    const places = [...log.querySelectorAll('article')].map((one) => ({ n: Number(one.dataset['n']), at: one.getBoundingClientRect() }))
    const inView = places.filter(({ at }) => at.bottom > view.top && at.top < view.bottom)
    const numbers = inView.toSorted((a, b) => a.at.top - b.at.top).map(({ n }) => n)
    if (numbers.some((n, index) => index > 0 && n !== numbers[index - 1]! + 1)) throw new Error(`Not in order: ${numbers.join(' ')}`)
    return numbers
  })
}

/** From now on, frame by frame as they are painted: which messages in view stand higher than a frame before, and by how much. */
function thrownDown(log: Element): string[] {
  const thrown: string[] = []
  const view = log.getBoundingClientRect()
  const tops = () => {
    const places = [...log.querySelectorAll('article')].map((one) => ({ n: one.dataset['n'], at: one.getBoundingClientRect() }))
    const inView = places.filter(({ at }) => at.bottom > view.top && at.top < view.bottom)
    return new Map(inView.map(({ n, at }) => [n, at.top]))
  }
  const { port1: painted, port2: frame } = new MessageChannel()
  let before = tops()
  painted.onmessage = () => {
    const now = tops()
    const [n, top] = [...now].find(([one]) => before.has(one)) ?? []
    const by = top === undefined ? 0 : before.get(n)! - top
    if (by > 2) thrown.push(`#${n} by ${Math.round(by)} px`)
    before = now
    requestAnimationFrame(next)
  }
  // What is measured within a frame is put right before it is painted.
  const next = () => frame.postMessage(null)
  requestAnimationFrame(next)
  return thrown
}

function allFrom(first: number): number[] {
  return Array.from({ length: 1_500 - first + 1 }, (_, at) => first + at)
}
