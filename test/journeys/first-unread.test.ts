import type { BrowserContextOptions, Locator } from 'playwright-core'
import { describe, expect } from 'vitest'
import { neverAfter } from './browser.ts'
import { canHoldFrames, hasHeld, holdsReplies, isToldAtOnce } from './held-frames.ts'
import { journey } from './journey.ts'
import { lineStandsAbove, lists } from './pages.ts'
import { PATIENCE, type Screen } from './screen.ts'
import type { Said } from './stored.ts'
import type { World } from './world.ts'

/** What is new is waited for so long, and then the room begins at the bottom. */
const KNOWN_WITHIN_MS = 1_000

describe('coming to what is new', () => {
  journey('one comes to the first message that one has not read, and the line above it stays while one reads', async ({ world }) => {
    await world.room({ id: 'den', name: 'Den', messages: 3 })
    const alice = await (await world.person('alice')).opens('/rooms/den')
    const [bob] = await world.inGeneral('bob')
    await bob.writes(...numbered(40))
    await lists(alice, ['General, 40 unread', 'Den'])
    await alice.goesTo('General')
    await alice.isInView('New 01')
    await expect.poll(() => lineStandsAbove(alice), PATIENCE).toBe('New 01')
    await lists(alice, ['General, 40 unread', 'Den'])
    await alice.button('Jump to latest').click()
    await lists(alice, ['General', 'Den'])

    await alice.leavesTheBottom()
    await bob.writes('And one more')
    await lists(alice, ['General, 1 unread', 'Den'])
    await alice.button('1 new message').click()
    await alice.isInView('And one more')
    await lists(alice, ['General', 'Den'])
    await expect.poll(() => lineStandsAbove(alice), PATIENCE).toBe('And one more')

    await alice.leavesTheBottom()
    await bob.writes('And another')
    await alice.button('1 new message').waitFor()
    await alice.page.keyboard.press('Escape')
    await lists(alice, ['General', 'Den'])
    await alice.button('1 new message').waitFor({ state: 'detached' })
    await alice.button('Jump to latest').click()
    await alice.isInView('And another')

    await alice.goesTo('Den')
    await alice.goesTo('General')
    await alice.isInView('And another')
    expect(await alice.log.locator('[data-new]').count()).toBe(0)
  })

  journey('also where more is new than is loaded, and back down', async ({ world }) => {
    const alice = await comesToUnread(world, 130)
    await alice.isInView('New 01')
    await expect.poll(() => lineStandsAbove(alice), PATIENCE).toBe('New 01')
    expect(await above(alice).count()).toBe(0)
    await lists(alice, ['General, 99+ unread', 'Den'])
    await alice.button('Jump to latest').click()
    await alice.isInView('New 130')
    await lists(alice, ['General', 'Den'])
  })

  journey.for([20, 130])('also where the page begins with that room: of %i', async (messages, { world }) => {
    const alice = await world.person('alice')
    await alice.context.addInitScript(neverAfter, KNOWN_WITHIN_MS)
    await world.says('bob', ...numbered(messages))
    const room = await alice.opens('/rooms/general')
    await room.isInView('New 01')
    await expect.poll(() => lineStandsAbove(room), PATIENCE).toBe('New 01')
    await expect.poll(() => room.topOf('New 01'), PATIENCE).toBeGreaterThan(200)
  })

  journey.for(['from what this browser keeps', 'from what it held meanwhile'] as const)(
    'also where the room begins %s',
    async (how, { world }) => {
      await world.room({ id: 'den', name: 'Den', messages: 3 })
      await world.history(said('bob', numbered(20, 'Old')))
      const person = await world.person('alice')
      const alice = await person.opens('/chat')
      await alice.sees('Old 20')
      await lists(alice, ['General', 'Den'])
      if (how === 'from what this browser keeps') {
        await alice.hasCopyOf('Old 20')
        await alice.page.addInitScript(neverAfter, KNOWN_WITHIN_MS)
        await alice.page.goto('about:blank')
      } else {
        await alice.page.evaluate(neverAfter, KNOWN_WITHIN_MS)
        await alice.goesTo('Den')
      }
      await world.says('bob', ...numbered(130))
      if (how === 'from what this browser keeps') await alice.page.goto(`${person.network.url}/chat`)
      else {
        await lists(alice, ['General, 99+ unread', 'Den'])
        await alice.goesTo('General')
      }
      await alice.isInView('New 01')
      await expect.poll(() => lineStandsAbove(alice), PATIENCE).toBe('New 01')
      await lists(alice, ['General, 99+ unread', 'Den'])
    },
  )

  journey.for(['writes', 'presses Esc'] as const)('who %s while it is loaded stays at the bottom', async (does, { world }) => {
    await world.room({ id: 'den', name: 'Den', messages: 3 })
    const person = await world.person('alice')
    await canHoldFrames(person)
    const alice = await person.opens('/rooms/den')
    await world.says('bob', ...numbered(130))
    await lists(alice, ['General, 99+ unread', 'Den'])
    await holdsReplies(alice)
    await alice.goesTo('General')
    await hasHeld(alice, 'reply', 1)
    if (does === 'writes') await alice.writes('I am here')
    else await alice.page.keyboard.press('Escape')
    await alice.isInView('New 130')
    await isToldAtOnce(alice, 'reply')
    await alice.isAllSent()
    await alice.comesToRest()
    await alice.isInView(does === 'writes' ? 'I am here' : 'New 130')
  })

  journey('also where just what is new is loaded: below the line, and what is read above it', async ({ world }) => {
    await world.room({ id: 'den', name: 'Den', messages: 3 })
    await world.history(said('bob', [...numbered(10, 'Old'), ...numbered(50)]))
    const alice = await (await world.person('alice')).opens('/rooms/den')
    await makesUnread(alice, 'general', 10)
    await lists(alice, ['General, 50 unread', 'Den'])
    await alice.goesTo('General')
    await alice.isInView('New 01')
    await alice.isInView('Old 10')
    await expect.poll(() => lineStandsAbove(alice), PATIENCE).toBe('New 01')
    await alice.writes('I am here')
    await alice.isInView('I am here')
    await lists(alice, ['General', 'Den'])
  })

  journey.for([40, 60])(
    'who comes by a link to the last of %i is led up by a button: until they come to the first, nothing is read',
    async (messages, { world }) => {
      const alice = await comesToTheLast(world, messages)
      await alice.isInView(`New ${messages}`)
      await above(alice).click()
      await alice.isInView('New 01')
      await expect.poll(() => lineStandsAbove(alice), PATIENCE).toBe('New 01')
      await lists(alice, [`General, ${messages} unread`, 'Den'])
      await alice.button('Jump to latest').click()
      await alice.isInView(`New ${messages}`)
      await lists(alice, ['General', 'Den'])
    },
  )

  journey('who is led there by a message has come there too', async ({ world }) => {
    await world.room({ id: 'den', name: 'Den', messages: 3 })
    const alice = await (await world.person('alice')).opens('/rooms/den')
    await world.says('bob', ...numbered(40))
    const [first] = await messagesIn(alice, 'general')
    await world.says('bob', `It begins at ${alice.person.network.url}/rooms/general/${first}`)
    await lists(alice, ['General, 41 unread', 'Den'])
    await comesByLink(alice, 'general')
    await above(alice).waitFor()
    await alice.message('It begins at').getByRole('link', { name: first! }).click()
    await alice.isInView('New 01')
    await above(alice).waitFor({ state: 'detached' })
    await alice.button('Jump to latest').click()
    await lists(alice, ['General', 'Den'])
  })

  journey.for(['the list', 'the browser'] as const)(
    'who has come there and comes back by %s reads on where they were',
    async (by, { world }) => {
      const alice = await comesToUnread(world, 130)
      await alice.isInView('New 01')
      await readsTo(alice, 'New 60')
      if (by === 'the browser') await alice.message('New 60').locator('time').click()
      await alice.goesTo('Den')
      await (by === 'the list' ? alice.goesTo('General') : alice.page.goBack())
      await alice.isInView('New 60')
      await alice.comesToRest()
      await alice.button('Jump to latest').click()
      await lists(alice, ['General', 'Den'])
      expect(await above(alice).count()).toBe(0)
    },
  )

  journey('who comes back by a link, and not to where they were, is led up', async ({ world }) => {
    const alice = await comesToUnread(world, 60)
    await alice.isInView('New 01')
    const ids = await messagesIn(alice, 'general')
    await alice.goesTo('Den')
    await alice.writes(`${alice.person.network.url}/rooms/general/${ids.at(-1)}`)
    await alice.isAllSent()
    await alice.log.getByRole('link', { name: ids.at(-1)! }).click()
    await alice.isInView('New 60')
    await above(alice).waitFor()
    await lists(alice, ['General, 60 unread', 'Den'])
  })

  journey('what one has made unread has to be come to again', async ({ world }) => {
    const alice = await comesToUnread(world, 130)
    await alice.isInView('New 01')
    await alice.chooses('Mark unread from here', 'New 01')
    await alice.button('Jump to latest').click()
    await alice.isInView('New 130')
    await alice.goesTo('Den')
    await alice.goesTo('General')
    await alice.isInView('New 01')
    await lists(alice, ['General, 99+ unread', 'Den'])
  })

  journey('who wants back down while they are still led up gets there', async ({ world }) => {
    const alice = await comesToTheLast(world, 60)
    await above(alice).waitFor()
    await alice.button('Jump to latest').waitFor({ state: 'detached' })
    await alice.page.evaluate(async () => {
      for (const words of ['To the first of 60 new', 'Jump to latest']) {
        const found = () => [...document.querySelectorAll('button')].find((button) => button.innerText.includes(words))
        while (!found()) await new Promise(requestAnimationFrame)
        found()!.click()
      }
    })
    await alice.comesToRest()
    await alice.isInView('New 60')
    await lists(alice, ['General', 'Den'])
  })

  journey('without a connection the room begins at the bottom, and nobody is led away from there later', async ({ world }) => {
    await world.room({ id: 'den', name: 'Den', messages: 3 })
    await world.history(said('bob', numbered(300)))
    const alice = await (await world.person('alice')).opens('/chat')
    await alice.isInView('New 300')
    await alice.goesTo('Den')
    await makesUnread(alice, 'general', 20)
    await lists(alice, ['General, 99+ unread', 'Den'])
    await world.server.kill()
    await alice.seesText(/Connection lost\.|Connecting again…/)
    await alice.goesTo('General')
    await above(alice).waitFor()
    await alice.isInView('New 300')
    await world.server.start()
    await alice.seesNo('Connection lost')
    await alice.writes('I am here')
    await alice.isAllSent()
    await alice.comesToRest()
    await alice.isInView('I am here')
    expect(await above(alice).count()).toBe(1)
  })

  journey('where all that is new finds room in the view, it is read, and no button leads up', async ({ world }) => {
    const alice = await comesToUnread(world, 60, { viewport: { width: 1160, height: 3600 } })
    await alice.isInView('New 01')
    await lists(alice, ['General', 'Den'])
    expect(await above(alice).count()).toBe(0)
  })

  journey('what came while one looked elsewhere is not read before one comes to the first of it', async ({ world }) => {
    const [alice, bob] = await world.inGeneral('alice', 'bob')
    await alice.page.evaluate(hasFocus, false)
    await bob.writes('New 00')
    await alice.sees('New 00')
    await world.says('bob', ...numbered(60))
    await alice.isInView('New 60')
    await alice.page.evaluate(hasFocus, true)
    await above(alice).click()
    await alice.isInView('New 00')
    await lists(alice, ['General, 61 unread'])
    await alice.button('Jump to latest').click()
    await lists(alice, ['General'])
  })

  journey('behind one’s own messages one comes to where they begin, and nobody is led away from there later', async ({ world }) => {
    await world.room({ id: 'den', name: 'Den', messages: 3 })
    await world.history([...said('alice', numbered(130, 'Own')), ...said('bob', numbered(60))])
    const alice = await (await world.person('alice')).opens('/rooms/den')
    await makesUnread(alice, 'general', 0)
    await lists(alice, ['General, 60 unread', 'Den'])
    await alice.goesTo('General')
    await alice.isInView('Own 01')
    await alice.comesToRest()
    const before = await alice.topOf('Own 01')
    await alice.scrolls(200)
    await expect.poll(() => alice.topOf('Own 01'), PATIENCE).toBeLessThan(before)
    await alice.comesToRest()
    expect(Math.abs((await alice.topOf('Own 01')) - (before - 200))).toBeLessThan(2)
  })

  journey.for(['here', 'on another device'] as const)(
    'who marks all as read %s takes the way up away, and the room goes on to be read',
    async (where, { world }) => {
      await world.room({ id: 'den', name: 'Den', messages: 100 })
      const alice = await (await world.person('alice')).opens('/chat')
      const other = where === 'here' ? alice : await (await world.person('alice')).opens('/chat')
      const bob = await (await world.person('bob')).opens('/rooms/den')
      await bob.sees('#0100')
      await makesUnread(alice, 'den', 20)
      await lists(alice, ['Den, 80 unread', 'General'])
      await comesByLink(alice, 'den')
      await above(alice).waitFor()
      await other.page.bringToFront()
      await other.button('Mark all rooms as read (Shift+Esc)').click()
      await above(alice).waitFor({ state: 'detached' })
      await bob.writes('And one more')
      await alice.page.bringToFront()
      await alice.sees('And one more')
      await lists(alice, ['Den', 'General'])
    },
  )
})

function said(by: string, bodies: readonly string[]): Said[] {
  return bodies.map((body) => ({ by, body, at: Date.now() }))
}

/** Alice, who was in another room while bob wrote so many messages into General, goes there. */
async function comesToUnread(world: World, messages: number, options: BrowserContextOptions = {}): Promise<Screen> {
  await world.room({ id: 'den', name: 'Den', messages: 3 })
  const alice = await (await world.person('alice', options)).opens('/rooms/den')
  await world.says('bob', ...numbered(messages))
  await lists(alice, [`General, ${messages > 99 ? '99+' : messages} unread`, 'Den'])
  await alice.goesTo('General')
  return alice
}

/** The same, who comes by a link to the last of them. */
async function comesToTheLast(world: World, messages: number): Promise<Screen> {
  await world.room({ id: 'den', name: 'Den', messages: 3 })
  const alice = await (await world.person('alice')).opens('/rooms/den')
  await world.says('bob', ...numbered(messages))
  await lists(alice, [`General, ${messages} unread`, 'Den'])
  await comesByLink(alice, 'general')
  return alice
}

/** In the page: whether its window is the one that one looks at. A page of Playwright's has always the focus. */
function hasFocus(has: boolean): void {
  document.hasFocus = () => has
  dispatchEvent(new Event(has ? 'focus' : 'blur'))
}

async function readsTo(screen: Screen, text: string): Promise<void> {
  const isNear = async () => {
    await screen.scrolls(400)
    await screen.comesToRest()
    return screen.message(text).count()
  }
  await expect.poll(isNear, PATIENCE).toBe(1)
  await screen.message(text).scrollIntoViewIfNeeded()
  await screen.comesToRest()
}

/** By a program of theirs: no page has shown the room yet. */
async function makesUnread({ person }: Screen, roomId: string, readTo: number): Promise<void> {
  const { url } = person.network
  const answer = await person.context.request.patch(`${url}/api/v1/me/rooms/${roomId}`, {
    data: { readTo, back: true },
    headers: { origin: url },
  })
  expect(answer.ok()).toBe(true)
}

function numbered(count: number, what = 'New'): string[] {
  return Array.from({ length: count }, (_, at) => `${what} ${String(at + 1).padStart(2, '0')}`)
}

/** Their ids: at most the newest 100, in order. */
async function messagesIn({ person }: Pick<Screen, 'person'>, roomId: string): Promise<string[]> {
  const answer = await person.context.request.get(`${person.network.url}/api/v1/rooms/${roomId}/messages?limit=100`)
  const { items } = (await answer.json()) as { items: { id: string }[] }
  return items.map(({ id }) => id)
}

/** To the newest message. */
async function comesByLink({ page, person }: Screen, roomId: string): Promise<void> {
  const ids = await messagesIn({ person }, roomId)
  await page.goto(`${person.network.url}/rooms/${roomId}/${ids.at(-1)}`)
}

/** Leads up to what is new. */
function above({ page }: Screen): Locator {
  return page.getByRole('button', { name: /^To (?:the first|the new|what)/ })
}
