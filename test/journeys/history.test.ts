import { describe, expect } from 'vitest'
import { canHoldFrames, hasHeld, holdsFrames, isToldAtOnce } from './held-frames.ts'
import { journey } from './journey.ts'
import { PATIENCE, type Screen } from './screen.ts'
import type { Said } from './stored.ts'
import type { World } from './world.ts'

const MINUTE_MS = 60_000

/** A pixel is lost where heights are fractions. */
const STILL_WITHIN_PX = 1.5

describe('history', () => {
  journey.for(['no-preference', 'reduce'] as const)(
    'is there after a refresh, and older pages join above while the view stands still (motion: %s)',
    async (reducedMotion, { world }) => {
      await world.history(messages(200))
      const alice = await (await world.person('alice', { reducedMotion })).opens('/chat')
      await alice.sees('#200')
      await alice.page.reload()
      await alice.sees('#200')

      const moves = []
      for (let moved = await movedByLoadingEarlier(alice); moved !== null; moved = await movedByLoadingEarlier(alice)) moves.push(moved)
      expect(moves.length).toBeGreaterThanOrEqual(2)
      expect(Math.max(...moves.map(Math.abs))).toBeLessThan(STILL_WITHIN_PX)
      await alice.sees('#001')
    },
  )

  journey('scrolled up, the view stays where it is; the button counts what is new and leads down', async ({ world }) => {
    await world.history(messages(45))
    const [alice, bob] = await world.inGeneral('alice', 'bob')
    await alice.sees('#045')
    await alice.leavesTheBottom()
    await alice.comesToRest()
    const read = await alice.firstInView()
    const before = await alice.topOf(read)

    await bob.writes('Something new', 'And\nmore\nof it')
    await alice.button('2 new messages').waitFor()
    expect(Math.abs((await alice.topOf(read)) - before)).toBeLessThan(STILL_WITHIN_PX)

    await alice.button('2 new messages').click()
    await alice.isInView('of it')
    expect(await alice.page.getByRole('button', { name: /new message|Jump to latest/ }).count()).toBe(0)
  })

  journey('what one can do with a message whose top is beyond the view stands where one sees it', async ({ world }) => {
    const said = (body: string): Said => ({ by: 'bob', body, at: Date.now() })
    await world.history([...messages(45), said('Said\nin\nmany\nlines'), ...Array.from({ length: 24 }, (_, at) => said(`Line ${at + 1}`))])
    const [alice] = await world.inGeneral('alice')
    await alice.isInView('Line 24')
    await alice.comesToRest()
    const message = alice.message('Said')
    await message.evaluate((one) => {
      const log = one.closest('[role=log]')!
      log.scrollTop += one.getBoundingClientRect().top - log.getBoundingClientRect().top + 20
    })
    await alice.comesToRest()
    await message.getByText('many').hover()
    const isSeen = () =>
      message.getByRole('button', { name: 'Answer' }).evaluate((button) => {
        const [inner, outer] = [button.getBoundingClientRect(), button.closest('[role=log]')!.getBoundingClientRect()]
        return inner.top > outer.top && inner.bottom < outer.bottom
      })
    await expect.poll(isSeen, PATIENCE).toBe(true)
  })

  journey.for(['reply', 'change'] as const)(
    'the view stays where it is also when messages and an older page come between two drawings (first: %s)',
    async (first, { world }) => {
      await world.history(messages(120))
      const alice = await opensHolding(world)
      await alice.sees('#120')
      await holdsFrames(alice)
      await expect.poll(() => turnsUp(alice), PATIENCE).toBeLessThan(5)
      await hasHeld(alice, 'reply', 1)
      await world.says('bob', 'Something new', 'And\nmore\nof it')
      await hasHeld(alice, 'change', 1)
      await standsStill(alice, () => isToldAtOnce(alice, first))
      await alice.button('2 new messages').waitFor()
    },
  )

  journey('whoever turns the wheel while one message after the other comes gets away from the bottom', async ({ world }) => {
    await world.history(messages(60))
    const [alice] = await world.inGeneral('alice')
    await alice.sees('#060')
    const coming = saysOneByOne(world, 40)
    await alice.log
      .getByText(/^New \d/)
      .first()
      .waitFor()
    await alice.scrolls(-700)
    await coming
    await alice.comesToRest()
    // All of them may have come before the wheel was turned.
    await world.says('bob', 'One later', 'Another later')
    await alice.page.getByRole('button', { name: /new messages/ }).waitFor()
  })

  journey('the view stays where it is also when a message goes above and another comes below between two drawings', async ({ world }) => {
    await world.history(messages(120))
    const alice = await opensHolding(world)
    const [bob] = await world.inGeneral('bob')
    for (const screen of [alice, bob]) {
      await screen.sees('#120')
      await screen.page.bringToFront()
      await screen.scrolls(-900)
      await screen.comesToRest()
    }
    await holdsFrames(alice)
    await bob.deletes('#086')
    await bob.writes('Something new\nand\nmore\nof it')
    await hasHeld(alice, 'change', 2)
    await alice.page.bringToFront()
    await standsStill(alice, () => isToldAtOnce(alice, 'change'))
    await alice.button('1 new message').waitFor()
  })

  journey('a link leads to its message, and pressed again it leads there again', async ({ world }) => {
    await world.history(messages(45))
    const [alice] = await world.inGeneral('alice')
    const link = alice.message('#044').getByRole('link', { name: /\d\d:\d\d/ })
    await alice.sees('#045')
    await alice.comesToRest()
    await link.click()
    await alice.page.waitForURL(/\/rooms\/general\/./)
    await alice.comesToRest()
    await alice.scrolls(-100_000)
    await expect.poll(() => alice.log.evaluate((log) => log.scrollTop), PATIENCE).toBeLessThan(5)
    await link.evaluate((one: HTMLElement) => one.click())
    await alice.isInView('#044')
  })

  journey('one’s own message leads down by itself', async ({ world }) => {
    await world.history(messages(45))
    const [alice] = await world.inGeneral('alice')
    await alice.sees('#045')
    await alice.leavesTheBottom()
    await alice.writes('Here I am')
    await alice.isInView('Here I am')
    await expect.poll(() => alice.button('Jump to latest').count(), PATIENCE).toBe(0)
  })
})

async function opensHolding(world: World): Promise<Screen> {
  const alice = await world.person('alice')
  await canHoldFrames(alice)
  return alice.opens('/chat')
}

/** What is read stands where it stood, once all has come to rest. */
async function standsStill(screen: Screen, whatever: () => Promise<void>): Promise<void> {
  await screen.comesToRest()
  const read = await screen.firstInView()
  const before = await screen.topOf(read)
  await whatever()
  await screen.comesToRest()
  expect(Math.abs((await screen.topOf(read)) - before)).toBeLessThan(STILL_WITHIN_PX)
}

/** Of different heights, as people write. */
function messages(count: number): Said[] {
  const now = Date.now()
  return Array.from({ length: count }, (_, at) => ({
    by: ['alice', 'bob', 'carol'][Math.floor(at / 3) % 3]!,
    body: `#${String(at + 1).padStart(3, '0')} ${'and a few more words '.repeat((at * 7) % 13)}`.trim(),
    at: now - (count - at) * MINUTE_MS,
  }))
}

/** Scrolls to the top while nothing more arrives, lets it arrive, and answers by how much what one read has moved; null at the beginning. */
async function movedByLoadingEarlier(screen: Screen): Promise<number | null> {
  const { network } = screen.person
  const loading = screen.page.getByText('Loading earlier messages…')
  const beginning = screen.page.getByRole('heading', { name: 'This is General' })
  network.goDead()
  await expect.poll(() => turnsUp(screen), PATIENCE).toBeLessThan(5)
  await loading.or(beginning).waitFor()
  await screen.comesToRest()
  const read = await screen.firstInView()
  const before = await screen.topOf(read)

  network.restore()
  if (await beginning.isVisible()) return null
  await expect.poll(() => screen.log.evaluate((log) => log.scrollTop), PATIENCE).toBeGreaterThan(100)
  await loading.waitFor({ state: 'detached' })
  await screen.comesToRest()
  return (await screen.topOf(read)) - before
}

async function turnsUp(screen: Screen): Promise<number> {
  await screen.scrolls(-100_000)
  return screen.log.evaluate((log) => log.scrollTop)
}

async function saysOneByOne(world: World, count: number): Promise<void> {
  for (let at = 1; at <= count; at++) await world.says('bob', `New ${at}.`)
}
