import { describe, expect } from 'vitest'
import { journey } from './journey.ts'
import { lineStandsAbove, lists } from './pages.ts'
import { PATIENCE, type Screen } from './screen.ts'
import type { World } from './world.ts'

describe('what is new', () => {
  journey('[N5] is counted in the list of rooms, on every device, until one of them has read it', async ({ world }) => {
    await world.room({ id: 'den', name: 'Den', messages: 3 })
    const desk = await (await world.person('alice')).opens('/rooms/den')
    const laptop = await (await world.person('alice')).opens('/rooms/den')
    const [bob] = await world.inGeneral('bob')
    await bob.writes('One thing', 'Another thing', 'A mistake')
    for (const screen of [desk, laptop]) await lists(screen, ['General, 3 unread', 'Den'])
    expect(await desk.page.title()).toBe('• Den · Belfry')
    expect(await desk.page.locator('link[rel=icon]').getAttribute('href')).toBe('/favicon-unread.svg')
    await bob.deletes('A mistake')
    for (const screen of [desk, laptop]) await lists(screen, ['General, 2 unread', 'Den'])

    await desk.goesTo('General')
    await desk.sees('One thing', 'Another thing')
    await desk.writes('I have seen it')
    for (const screen of [desk, laptop]) await lists(screen, ['General', 'Den'])
    expect(await desk.page.title()).toBe('General · Belfry')
    await lists(bob, ['General', 'Den'])
  })

  journey('made unread on one device it stays so on another that stands at its end, until it is read on one of them', async ({ world }) => {
    await world.room({ id: 'den', name: 'Den', messages: 3 })
    const [desk, bob] = await world.inGeneral('alice', 'bob')
    const laptop = await (await world.person('alice')).opens('/chat')
    await bob.writes('One', 'Two', 'Three')
    for (const screen of [desk, laptop]) await screen.sees('Three')
    for (const screen of [desk, laptop]) await lists(screen, ['General', 'Den'])
    await laptop.chooses('Mark unread from here', 'Two')
    await expect.poll(() => lineStandsAbove(desk), PATIENCE).toBe('Two')
    await bob.writes('Four')
    for (const screen of [desk, laptop]) await lists(screen, ['General, 3 unread', 'Den'])
    // Less of it is unread now: that is no reading either.
    await laptop.chooses('Mark unread from here', 'Three')
    for (const screen of [desk, laptop]) await lists(screen, ['General, 2 unread', 'Den'])
    await bob.writes('Five')
    for (const screen of [desk, laptop]) await lists(screen, ['General, 3 unread', 'Den'])
    await desk.page.bringToFront()
    await desk.page.keyboard.press('Escape')
    for (const screen of [desk, laptop]) await lists(screen, ['General', 'Den'])
    // Neither holds anything any more: what comes is read where it is seen.
    await desk.page.goto(`${desk.person.network.url}/account`)
    await laptop.page.bringToFront()
    await bob.writes('Six')
    await laptop.sees('Six')
    await lists(laptop, ['General', 'Den'])
  })

  journey('what one has made unread is read with all rooms, and the room goes on to be read', async ({ world }) => {
    const [alice, bob] = await marksUnread(world)
    await alice.button('Mark all rooms as read (Shift+Esc)').click()
    await lists(alice, ['General', 'Den'])
    expect(await alice.log.locator('[data-new]').count()).toBe(0)
    await bob.writes('Four')
    await alice.page.bringToFront()
    await alice.sees('Four')
    await lists(alice, ['General', 'Den'])
  })

  journey('one makes something unread again, and Esc reads the room', async ({ world }) => {
    const [alice, bob] = await marksUnread(world)
    await expect.poll(() => lineStandsAbove(alice), PATIENCE).toBe('Two')
    await bob.writes('Four')
    await alice.sees('Four')
    await lists(alice, ['General, 3 unread', 'Den'])
    await alice.page.keyboard.press('Escape')
    await lists(alice, ['General', 'Den'])
    expect(await alice.log.locator('[data-new]').count()).toBe(0)
  })

  journey('[N5] all rooms are read at once: by Shift and Esc, and by a button that goes with what was new', async ({ world }) => {
    await world.room({ id: 'den', name: 'Den', messages: 3 })
    await world.room({ id: 'attic', name: 'Attic', messages: 0 })
    const alice = await (await world.person('alice')).opens('/rooms/attic')
    const bob = await (await world.person('bob')).opens('/rooms/den')
    const says = async (text: string) => {
      for (const room of ['Den', 'General']) {
        await bob.goesTo(room)
        await bob.writes(text)
        await bob.isAllSent()
      }
    }
    await says('One')
    await lists(alice, ['General, 1 unread', 'Den, 1 unread', 'Attic'])
    await alice.page.bringToFront()
    await hearsWhatIsLeft(alice)
    await alice.page.getByRole('button', { name: /^Account/ }).click()
    await alice.page.getByRole('menu').waitFor()
    await alice.page.keyboard.press('Shift+Escape')
    await alice.page.getByRole('menu').waitFor({ state: 'detached' })
    await lists(alice, ['General, 1 unread', 'Den, 1 unread', 'Attic'])
    await alice.page.keyboard.press('Shift+Escape')
    await lists(alice, ['General', 'Attic', 'Den'])
    // Of a key that is left to it, a browser may make a use of its own.
    expect(await alice.page.evaluate(() => document.documentElement.dataset['left'])).toBe('')
    const all = alice.button('Mark all rooms as read (Shift+Esc)')
    expect(await all.count()).toBe(0)

    await says('Two')
    await lists(alice, ['General, 1 unread', 'Den, 1 unread', 'Attic'])
    await alice.page.bringToFront()
    await all.click()
    await lists(alice, ['General', 'Attic', 'Den'])
    expect(await alice.page.evaluate(() => document.activeElement?.tagName)).toBe('NAV')
    await alice.page.keyboard.press('?')
    await alice.seesText('Mark all rooms as read')
  })
})

/** Notes keys of which the page makes no use. */
async function hearsWhatIsLeft({ page }: Screen): Promise<void> {
  await page.evaluate(() => {
    const { dataset } = document.documentElement
    dataset['left'] = ''
    addEventListener('keydown', ({ key, defaultPrevented }) => {
      if (key === 'Escape') dataset['left'] = defaultPrevented ? '' : key
    })
  })
}

/** Of three messages that alice has read, the last two are unread again. */
async function marksUnread(world: World): Promise<readonly [alice: Screen, bob: Screen]> {
  await world.room({ id: 'den', name: 'Den', messages: 3 })
  const [alice, bob] = await world.inGeneral('alice', 'bob')
  await bob.writes('One', 'Two', 'Three')
  await alice.sees('Three')
  await alice.chooses('Mark unread from here', 'Two')
  await lists(alice, ['General, 2 unread', 'Den'])
  return [alice, bob]
}
