import { describe, expect } from 'vitest'
import { journey } from './journey.ts'
import { PATIENCE, type Screen } from './screen.ts'
import type { World } from './world.ts'

describe('the address of a message', () => {
  journey('opens it deep in a long history, among what was said around it; also after a reload', async ({ world }) => {
    await world.room({ id: 'tower', name: 'Tower', messages: 1_500 })
    const person = await world.person('alice')
    await person.context.addInitScript(witnessLight)
    const alice = await person.opens('/rooms/tower/tower-700')
    for (let visits = 0; visits < 2; visits++) {
      await expect.poll(() => lit(alice), PATIENCE).toEqual(['tower-700'])
      for (const text of ['#0699', '#0700', '#0701']) await alice.isInView(text)
      await expect.poll(() => hasFocus(alice, 'tower-700'), PATIENCE).toBe(true)
      await expect.poll(() => alice.message('#0700').evaluate((one) => one.className), PATIENCE).not.toContain('bg-bell-wash')
      await alice.page.reload({ waitUntil: 'commit' })
    }
    await alice.button('Jump to latest').waitFor()
  })

  journey('leads back to the latest by the button, and by writing', async ({ world }) => {
    const alice = await opens(world, 'tower-700')
    await alice.isInView('#0700')
    await alice.button('Jump to latest').click()
    await alice.isInView('#1500')
    await alice.page.waitForURL(/\/rooms\/tower$/)
    expect(await alice.button('Jump to latest').count()).toBe(0)

    await alice.page.goto(`${alice.person.network.url}/rooms/tower/tower-300`)
    await alice.isInView('#0300')
    await alice.writes('Back at the end')
    await alice.isInView('Back at the end')
    await alice.isInView('#1500')
  })

  journey('of one that was deleted says so, and shows what was said around it', async ({ world }) => {
    const alice = await opens(world, 'tower-700')
    const bob = await (await world.person('bob')).opens('/rooms/tower/tower-703')
    await bob.box.waitFor()
    await bob.chooses('Delete message', '#0703')
    await bob.button('Delete').click()
    await expect.poll(() => alice.message('#0703').count(), PATIENCE).toBe(0)

    await alice.page.goto(`${alice.person.network.url}/rooms/tower/tower-703`)
    await alice.seesText('The message of this link was deleted. Here is what was said around it.')
    for (const text of ['#0702', '#0704']) await alice.isInView(text)
    await alice.button('Go to the latest').click()
    await alice.isInView('#1500')
    await alice.seesNo('was deleted')
  })

  journey('that is none says so, and shows the latest', async ({ world }) => {
    const alice = await opens(world, 'tower-9999')
    await alice.seesText('There is no such message in this room')
    await alice.isInView('#1500')
    await alice.button('Close').click()
    await alice.page.waitForURL(/\/rooms\/tower$/)
    await alice.seesNo('no such message')
  })

  journey('is behind its time, and is copied from its toolbar, whoever wrote it', async ({ world }) => {
    const alice = await opens(world)
    await alice.person.context.grantPermissions(['clipboard-read', 'clipboard-write'])
    await alice.sees('#1495')
    await alice.chooses('Copy link', '#1495')
    await alice.seesText('The link is copied.')
    const link = `${alice.person.network.url}/rooms/tower/tower-1495`
    expect(await alice.page.evaluate(() => navigator.clipboard.readText())).toBe(link)
    expect(
      await alice
        .message('#1495')
        .getByRole('button', { name: /Edit|Delete/ })
        .count(),
    ).toBe(0)

    await alice.message('#1498').hover()
    await alice.message('#1498').locator('time').click()
    await alice.page.waitForURL(/\/rooms\/tower\/tower-1498$/)
    await expect.poll(() => hasFocus(alice, 'tower-1498'), PATIENCE).toBe(true)
    await alice.isInView('#1500')
  })

  journey('asks who is not signed in to sign in first', async ({ world }) => {
    await world.room({ id: 'tower', name: 'Tower', messages: 1_500 })
    const alice = await (await world.visitor('alice')).opens('/rooms/tower/tower-700')
    await alice.signsIn('alice', 'correct horse battery')
    await alice.isInView('#0700')
  })
})

/** Alice at a room with 1,500 messages, or at one of them. */
async function opens(world: World, messageId?: string): Promise<Screen> {
  await world.room({ id: 'tower', name: 'Tower', messages: 1_500 })
  return (await world.person('alice')).opens(['/rooms/tower', ...(messageId ? [messageId] : [])].join('/'))
}

function hasFocus(screen: Screen, id: string): Promise<boolean> {
  return screen.page.evaluate((wanted) => document.activeElement?.getAttribute('data-message') === wanted, id)
}

/** Runs in the page: which messages have been lit, each for a moment only. */
function witnessLight(): void {
  const seen = new Set<string>()
  const look = () => {
    for (const one of document.querySelectorAll<HTMLElement>('[data-message].bg-bell-wash')) seen.add(one.dataset['message']!)
  }
  new MutationObserver(look).observe(document, { subtree: true, childList: true, attributes: true })
  Object.assign(window, { lit: seen })
}

function lit(screen: Screen): Promise<string[]> {
  return screen.page.evaluate(() => [...(window as unknown as { lit: Set<string> }).lit])
}
