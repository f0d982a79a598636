import { readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { AxeResults, RunOptions } from 'axe-core'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { describe, expect } from 'vitest'
import { administered, journey } from './journey.ts'
import { choosesFor, dialog, fillsIn, personRow } from './pages.ts'
import type { Person } from './person.ts'
import { PATIENCE, type Screen } from './screen.ts'
import { PASSWORD, storeAccounts } from './stored.ts'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** Each page is looked at in both themes. */
const LOOKS = {
  desk: {},
  phone: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
} satisfies Record<string, BrowserContextOptions>

describe('accessibility', () => {
  for (const [look, options] of Object.entries(LOOKS)) {
    journey(`axe finds nothing on any page: ${look}`, async ({ world }) => {
      const yesterday = Date.now() - 24 * 60 * 60_000
      await world.history([
        { by: 'bob', body: 'Shall we? https://example.com/plan', at: yesterday },
        { by: 'alice', body: 'Yes', at: Date.now() - 60_000 },
      ])
      await world.notifies('alice', 'Build failed', { body: '3 tests in checkout', category: 'ci', priority: 'high' })
      const visitor = await world.visitor('alice', options)
      expect(await mistakesAtTheDoors(visitor)).toEqual([])
      await visitor.signsIn()
      expect(await mistakesInside(visitor)).toEqual([])
      expect(await mistakesInConversations(visitor)).toEqual([])
    })
  }

  for (const [look, options] of Object.entries(LOOKS)) {
    administered(`axe finds nothing in administration, on one’s own account and where accounts are made: ${look}`, async ({ world }) => {
      await world.belfry('user', 'disable', 'aman')
      await world.belfry('invite', 'create')
      await world.belfry('key', 'create', 'ci', '--scope', 'notify')
      expect(await mistakesInAdministration(await world.person('alice', options))).toEqual([])
      await world.belfry('workspace', 'set', '--sign-up', 'open')
      expect(await mistakesWhereAccountsAreMade(await world.visitor('bob', options))).toEqual([])
    })
  }

  for (const [look, options] of Object.entries(LOOKS)) {
    administered(`axe finds nothing on what is shown once, where one may not, and where nothing is: ${look}`, async ({ world }) => {
      const log = join(world.folder, '2004-12-25.txt')
      await writeFile(log, '[10:00] <aman> Said elsewhere\n')
      await world.belfry('import', 'irc', '--room', 'elsewhere', log)
      // Who comes later is in no room but General.
      await storeAccounts(world.folder, { bob: 'Bob' })
      const bob = await world.person('bob', options)
      expect(await mistakesAmongRooms(bob)).toEqual([])
      expect(await mistakesOnWhatIsShownOnce(await world.person('alice', options))).toEqual([])

      const { page } = await bob.opens('/admin/people')
      await page.getByRole('heading', { name: 'This is for administrators' }).waitFor()
      expect(await mistakesOn(page, 'for administrators')).toEqual([])
      await world.belfry('user', 'disable', 'bob')
      await page.getByRole('heading', { name: 'You are signed out' }).waitFor()
      expect(await mistakesOn(page, 'signed out')).toEqual([])
    })
  }

  journey('the keyboard alone is enough: sign in, write, open the inbox, mark read, close it', async ({ world }) => {
    await world.notifies('alice', 'Build failed')
    const alice = await (await world.visitor('alice')).opens('/sign-in')
    const { keyboard } = alice.page
    await expect.poll(() => focused(alice.page), PATIENCE).toBe('username')
    await keyboard.type('alice')
    await keyboard.press('Tab')
    await keyboard.type(PASSWORD)
    await keyboard.press('Enter')
    await alice.rings(1)

    await tabsTo(alice.page, 'Message General')
    await keyboard.type('Without a mouse')
    await keyboard.press('Enter')
    await alice.sees('Without a mouse')
    await alice.isAllSent()

    await tabsTo(alice.page, 'Inbox, 1 unread')
    await keyboard.press('Enter')
    await alice.panel.waitFor()
    await tabsTo(alice.page, 'Mark as read')
    await keyboard.press('Enter')
    await alice.rings(0)
    await keyboard.press('Escape')
    await alice.panel.waitFor({ state: 'detached' })
    await expect.poll(() => focused(alice.page), PATIENCE).toBe('Inbox')
  })

  journey('a screen reader is told what others write from now on, and not the history', async ({ world }) => {
    await world.history([{ by: 'bob', body: 'Long since said', at: Date.now() - 60_000 }])
    const [alice, bob] = await world.inGeneral('alice', 'bob')
    await alice.sees('Long since said')
    await bob.writes('Just now')
    const told = async () => (await alice.page.locator('[aria-live=polite].sr-only').allTextContents()).join('')
    await expect.poll(told, PATIENCE).toBe('Bob: Just now')
    await alice.writes('My own')
    await alice.isAllSent()
    expect(await told()).toBe('Bob: Just now')
  })
})

async function mistakesAtTheDoors(visitor: Person): Promise<string[]> {
  const { page } = await visitor.opens('/sign-in')
  const found = await mistakesOn(page, 'sign-in')
  await page.goto(`${visitor.network.url}/welcome#not-a-real-link`)
  await page.getByRole('button', { name: 'Create account' }).click()
  await page.getByText('Choose a user name.').waitFor()
  found.push(...(await mistakesOn(page, 'welcome')))
  await page.goto(`${visitor.network.url}/nowhere`)
  await page.getByRole('heading', { name: 'There is no page here' }).waitFor()
  return [...found, ...(await mistakesOn(page, 'not-found'))]
}

async function mistakesInside(person: Person): Promise<string[]> {
  const room = await person.opens('/chat')
  await room.sees('Shall we?', 'Yes')
  const found = await mistakesOn(room.page, 'room')
  await room.box.press('ArrowUp')
  await room.page.getByRole('textbox', { name: 'Edit message' }).waitFor()
  found.push(...(await mistakesOn(room.page, 'room with an edit')))
  await room.page.keyboard.press('Escape')
  found.push(...(await mistakesAtOneMessage(room)))
  if (await room.bell.isVisible()) {
    await room.opensInbox()
    await room.item('Build failed').waitFor()
    found.push(...(await mistakesOn(room.page, 'inbox panel')))
  }
  const inbox = await person.opens('/inbox')
  await inbox.item('Build failed').waitFor()
  return [...found, ...(await mistakesOn(inbox.page, 'inbox page'))]
}

async function mistakesAtOneMessage(room: Screen): Promise<string[]> {
  const { page } = room
  const yes = room.message('Yes')
  await yes.focus()
  await yes.getByRole('button', { name: 'React' }).click()
  await page.getByRole('dialog', { name: 'React' }).waitFor()
  const found = await mistakesOn(page, 'what to react with')
  await page.getByRole('button', { name: 'party', exact: true }).click()
  await yes.getByRole('list', { name: 'Reactions' }).waitFor()
  await yes.getByRole('button', { name: 'Edit message' }).click()
  await page.getByRole('textbox', { name: 'Edit message' }).fill('Yes!')
  await page.getByRole('button', { name: 'Save' }).click()
  await yes.getByRole('button', { name: '(edited)' }).click()
  await dialog(room).getByRole('listitem').nth(1).waitFor()
  found.push(...(await mistakesOn(page, 'what a message said')))
  await page.keyboard.press('Escape')
  return [...found, ...(await mistakesOn(page, 'a room with a reaction'))]
}

async function mistakesInAdministration(person: Person): Promise<string[]> {
  const people = await person.opens('/admin/people')
  await personRow(people, 'aman').waitFor()
  const found = await mistakesOn(people.page, 'people')
  await people.page.getByRole('button', { name: 'Actions for aman' }).click()
  await people.page.getByRole('menuitem', { name: 'Enable…' }).waitFor()
  found.push(...(await mistakesOn(people.page, 'what can be done to an account')))
  await people.page.keyboard.press('Escape')
  await choosesFor(people, 'prachi', 'Disable…')
  found.push(...(await mistakesOn(people.page, 'a question')))
  await people.page.keyboard.press('Escape')
  await people.button('New account').click()
  await dialog(people).getByRole('button', { name: 'Create account' }).click()
  await dialog(people).getByText('Choose a user name.').waitFor()
  found.push(...(await mistakesOn(people.page, 'a form with mistakes')))
  for (const [path, words] of Object.entries(OTHER_PAGES)) {
    const { page } = await person.opens(path)
    await page.getByText(words).first().waitFor()
    found.push(...(await mistakesOn(page, path)))
  }
  return found
}

const OTHER_PAGES = {
  '/admin/invitations': 'not used yet',
  '/admin/keys': 'never used',
  '/admin/notify?to=prachi': 'Rings the bell',
  '/admin/server': 'SQLite',
  '/account': 'This device',
}

async function mistakesAmongRooms(person: Person): Promise<string[]> {
  const { page } = await person.opens('/browse')
  const elsewhere = page.getByRole('main').getByRole('link', { name: 'elsewhere' })
  await elsewhere.waitFor()
  const found = await mistakesOn(page, 'all rooms')
  await elsewhere.click()
  await page.getByRole('button', { name: 'Join elsewhere' }).waitFor()
  found.push(...(await mistakesOn(page, 'a room to join')))
  await page.goto(`${person.network.url}/rooms`)
  await page.getByRole('button', { name: 'New room' }).click()
  await page.getByRole('button', { name: 'Make room' }).click()
  await page.getByText('Give the room a name.').waitFor()
  found.push(...(await mistakesOn(page, 'a new room')))
  await page.getByLabel('Name', { exact: true }).fill('Den')
  await page.getByRole('button', { name: 'Make room' }).click()
  await page.getByRole('link', { name: 'About this room' }).click()
  await page.getByLabel('Role of Bob').waitFor()
  await page.getByLabel('Add people').fill('a')
  await page.getByRole('button', { name: /^Add / }).first().waitFor()
  found.push(...(await mistakesOn(page, 'about a room')))
  await page.goto(`${person.network.url}/rooms/general/not-a-message`)
  await page.getByText('There is no such message').waitFor()
  return [...found, ...(await mistakesOn(page, 'no such message'))]
}

async function mistakesInConversations(person: Person): Promise<string[]> {
  const room = await person.opens('/rooms')
  const { page } = room
  await room.button('New conversation').click()
  await page.getByLabel('Find people').fill('bo')
  await page.getByRole('list', { name: 'Found' }).getByRole('button', { name: 'Bob' }).waitFor()
  const found = await mistakesOn(page, 'a new conversation')
  await page.getByRole('list', { name: 'Found' }).getByRole('button', { name: 'Bob' }).click()
  await dialog(room).getByRole('button', { name: 'Open' }).click()
  await page.getByRole('heading', { name: 'Bob', level: 1 }).waitFor()
  await room.box.fill('Just the two of us')
  await room.button('Send').click()
  await room.isAllSent()
  await room.message('Just the two of us').focus()
  await room.message('Just the two of us').getByRole('button', { name: 'Answer' }).click()
  await room.box.pressSequentially('and @')
  await page.getByRole('option', { name: /Bob/ }).waitFor()
  found.push(...(await mistakesOn(page, 'a name in an answer')))
  await page.keyboard.press('Enter')
  await room.button('Send').click()
  await room.sees('and @bob')
  await page.getByRole('link', { name: 'About this conversation' }).click()
  await room.button('Block Bob…').waitFor()
  found.push(...(await mistakesOn(page, 'about a conversation')))
  await page.keyboard.press('Control+k')
  await page.getByRole('option', { name: 'General' }).waitFor()
  found.push(...(await mistakesOn(page, 'the switcher')))
  await page.keyboard.press('Escape')
  await dialog(room).waitFor({ state: 'detached' })
  await page.keyboard.press('?')
  await dialog(room).getByText('This list').waitFor()
  return [...found, ...(await mistakesOn(page, 'keys'))]
}

async function mistakesOnWhatIsShownOnce(person: Person): Promise<string[]> {
  const invitations = await person.opens('/admin/invitations')
  await invitations.button('New invitation').click()
  await dialog(invitations).getByRole('button', { name: 'Create link' }).click()
  await dialog(invitations).getByRole('heading', { name: 'Your invitation' }).waitFor()
  const found = await mistakesOn(invitations.page, 'an invitation, once')
  const people = await person.opens('/admin/people')
  await people.button('New account').click()
  await fillsIn(dialog(people), { 'User name': 'carol' })
  await dialog(people).getByRole('button', { name: 'Generate a password' }).click()
  await dialog(people).getByRole('button', { name: 'Create account' }).click()
  await dialog(people).getByRole('heading', { name: 'carol can sign in now' }).waitFor()
  return [...found, ...(await mistakesOn(people.page, 'a password, once'))]
}

async function mistakesWhereAccountsAreMade(visitor: Person): Promise<string[]> {
  const { page } = await visitor.opens('/sign-in')
  await page.getByRole('link', { name: 'Make an account' }).waitFor()
  const found = await mistakesOn(page, 'sign-in where sign-up is open')
  await page.getByRole('link', { name: 'Make an account' }).click()
  await page.getByRole('heading', { name: 'Join Belfry' }).waitFor()
  return [...found, ...(await mistakesOn(page, 'sign-up'))]
}

/** Stand at the ends of an open menu and pass the focus on at once: nobody ever stays on one. */
const FOCUS_GUARDS = '[data-base-ui-focus-guard]'

async function mistakesOn(page: Page, name: string): Promise<string[]> {
  // The engine's own doing, past the page's Content-Security-Policy.
  await page.evaluate(AXE)
  await page.emulateMedia({ colorScheme: 'light' })
  const light = await runAxe(page, {})
  expect(light.passes.length).toBeGreaterThan(5)
  // Between the themes only colours differ.
  await page.emulateMedia({ colorScheme: 'dark' })
  const dark = await runAxe(page, { runOnly: ['color-contrast'] })
  expect(dark.passes.length + dark.violations.length + dark.incomplete.length).toBeGreaterThan(0)
  const mistakes = [...light.violations, ...dark.violations.map((one) => ({ ...one, id: `dark ${one.id}` }))]
  return mistakes.flatMap(({ id, nodes }) => nodes.map((node) => `${name}: ${id}: ${node.html} ${node.any[0]?.message ?? ''}`))
}

async function runAxe(page: Page, options: RunOptions): Promise<AxeResults> {
  // A colour on its way to another one is neither.
  await page.waitForFunction(() =>
    document.getAnimations().every(({ playState, effect }) => playState !== 'running' || effect?.getTiming().iterations === Infinity),
  )
  const what = JSON.stringify({ exclude: [FOCUS_GUARDS] })
  return page.evaluate<AxeResults>(`axe.run(${what}, ${JSON.stringify({ resultTypes: ['violations'], ...options })})`)
}

const STOPS_MAX = 40

/** Presses Tab until the focus is on what has this name. */
async function tabsTo(page: Page, name: string): Promise<void> {
  for (let stops = 0; stops < STOPS_MAX && (await focused(page)) !== name; stops += 1) await page.keyboard.press('Tab')
  expect(await focused(page)).toBe(name)
}

function focused(page: Page): Promise<string | null> {
  return page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.getAttribute('name') ?? null)
}
