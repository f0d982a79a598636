import { describe, expect } from 'vitest'
import { journey } from './journey.ts'
import { lists } from './pages.ts'
import { PHONE } from './person.ts'
import { PATIENCE, type Screen } from './screen.ts'
import { storeAccounts } from './stored.ts'
import { World } from './world.ts'

/** A pixel is lost where heights are fractions. */
const STILL_WITHIN_PX = 1.5

describe('rooms', () => {
  journey('the list leads from room to room; each keeps its draft and the place where it was left', async ({ world }) => {
    await world.room({ id: 'tower', name: 'Tower', messages: 120 })
    await world.room({ id: 'den', name: 'Den', messages: 3 })
    const [alice] = await world.inGeneral('alice')
    await lists(alice, ['General', 'Den', 'Tower'])
    expect(await current(alice)).toBe('General')
    await alice.box.fill('Half a word for General')

    await alice.goesTo('Tower')
    await alice.page.waitForURL(/\/rooms\/tower$/)
    expect(await current(alice)).toBe('Tower')
    expect(await alice.page.title()).toBe('Tower · Belfry')
    await alice.sees('#0120')
    await alice.leavesTheBottom()
    await alice.comesToRest()
    const read = await alice.firstInView()
    const before = await alice.topOf(read)

    await alice.goesTo('Den')
    await alice.page.getByRole('heading', { name: 'This is Den' }).waitFor()
    await alice.goesTo('General')
    expect(await alice.box.inputValue()).toBe('Half a word for General')
    // The link has the focus still.
    await alice.page.keyboard.type('!')
    await expect.poll(() => alice.box.inputValue(), PATIENCE).toBe('Half a word for General!')
    await alice.goesTo('Tower')
    await alice.message(read).waitFor()
    await alice.comesToRest()
    expect(Math.abs((await alice.topOf(read)) - before)).toBeLessThan(STILL_WITHIN_PX)
    await alice.button('Jump to latest').waitFor()

    await alice.page.goBack()
    await alice.page.waitForURL(/\/rooms\/general$/)
    expect(await alice.box.inputValue()).toBe('Half a word for General!')
  })

  journey('whoever is not in an open room reads it, joins it and writes', async ({ browser }) => {
    await using world = await World.open(browser, {}, { people: ['bob', 'carol'] })
    await world.room({ id: 'den', name: 'Den', messages: 3 })
    await storeAccounts(world.folder, { alice: 'Alice' })
    const [alice, bob] = [await (await world.person('alice')).opens('/rooms/den'), await (await world.person('bob')).opens('/rooms/den')]
    await alice.sees('#0003')
    await alice.seesText('You can read Den. To write here, join it.')
    expect(await alice.box.count()).toBe(0)
    await alice.button('Join Den').click()
    await alice.writes('Here I am')
    await bob.sees('Here I am')
    await alice.page.reload()
    await alice.box.waitFor()
    await alice.seesNo('To write here, join it.')
  })

  journey('on a phone the list is a page: from there into a room, and back', async ({ world }) => {
    await world.room({ id: 'den', name: 'Den', messages: 3 })
    const alice = await (await world.person('alice', PHONE)).opens('/rooms')
    await alice.rooms.filter({ hasText: 'Den' }).tap()
    await alice.sees('#0003')
    expect(await alice.rooms.first().isVisible()).toBe(false)
    await alice.page.getByRole('link', { name: 'Rooms' }).tap()
    await alice.page.waitForURL(/\/rooms$/)
    await alice.rooms.filter({ hasText: 'General' }).waitFor()
    await alice.page.getByRole('link', { name: 'Inbox' }).tap()
    await alice.page.waitForURL(/\/inbox$/)
    await alice.page.goto(`${alice.person.network.url}/chat`)
    await alice.page.waitForURL(/\/rooms\/general$/)
  })

  journey('an address of no room says so, and leads on', async ({ world }) => {
    const alice = await (await world.person('alice')).opens('/rooms/nowhere/at-all')
    await alice.page.getByRole('heading', { name: 'This room is not open to you' }).waitFor()
    expect(await alice.page.title()).toBe('No such room · Belfry')
    const other = await alice.person.opens('/rooms/No%20Such%20Name')
    await other.page.getByRole('link', { name: 'Go to General' }).click()
    await other.page.getByRole('heading', { name: 'This is General' }).waitFor()
  })
})

function current(screen: Screen): Promise<string | null> {
  return screen.page.locator('nav [aria-current=page]').textContent()
}
