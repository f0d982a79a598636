import type { Locator } from 'playwright-core'
import { describe, expect } from 'vitest'
import { journey } from './journey.ts'
import { becomes, during } from './pages.ts'
import { PATIENCE, type Screen } from './screen.ts'

const SIX_MINUTES_MS = 6 * 60_000

describe('typing', () => {
  journey('that others type is said while they do, goes by itself, and at once with their message', async ({ world }) => {
    const [alice, bob, carol] = await world.inGeneral('alice', 'bob', 'carol')
    await typeUntil([bob], alice, /^Bob is typing…$/)
    expect(await typing(bob)).toBe('')
    await typeUntil([carol, bob], alice, /^(?:Bob and Carol|Carol and Bob) are typing…$/)

    // Nobody says anything more.
    await becomes(() => typing(alice), '')
    await typeUntil([bob], alice, /^Bob is typing…$/)
    await types(bob, 'Let me see:')
    await bob.box.press('Enter')
    await alice.sees('Let me see:')
    expect(await typing(alice)).toBe('')
  })

  journey('that somebody does whom one has blocked is not said', async ({ world }) => {
    const [alice, bob, carol] = await world.inGeneral('alice', 'bob', 'carol')
    const { url } = alice.person.network
    const { id } = (await (await bob.person.context.request.get(`${url}/api/v1/me`)).json()) as { id: string }
    const answer = await alice.person.context.request.post(`${url}/api/v1/me/blocks/${id}`, { headers: { origin: url } })
    expect(answer.ok()).toBe(true)
    await typeUntil([bob, carol], alice, /^Carol is typing…$/)
  })

  journey('nothing moves when somebody begins to type', async ({ world }) => {
    const [alice, bob] = await world.inGeneral('alice', 'bob')
    await alice.writes('The last message')
    await alice.isAllSent()
    await alice.comesToRest()
    const places = () => Promise.all([alice.topOf('The last message'), alice.box.boundingBox().then((box) => box?.y)])
    const before = await places()
    await typeUntil([bob], alice, /^Bob is typing…$/)
    expect(await places()).toEqual(before)
  })
})

describe('presence', () => {
  journey('a dot beside a face says who is there, who is away, and, by its absence, who is not', async ({ world }) => {
    await world.history([{ by: 'bob', body: 'Said yesterday', at: Date.now() - 24 * 60 * 60_000 }])
    const alice = await (await world.person('alice')).opens('/chat')
    await alice.sees('Said yesterday')
    const his = () => dot(alice.message('Said yesterday'))
    await becomes(() => dot(accountMenu(alice)), 'online')
    expect(await his()).toBeNull()

    const person = await world.person('bob')
    const page = await person.context.newPage()
    await page.clock.install()
    await page.goto(`${person.network.url}/chat`)
    await becomes(his, 'online')
    await expect.poll(() => alice.message('Said yesterday').getByRole('img', { name: 'online' }).count(), PATIENCE).toBe(1)
    await page.clock.fastForward(SIX_MINUTES_MS)
    await becomes(his, 'away')
    await page.mouse.move(200, 200)
    await page.mouse.move(220, 220)
    await becomes(his, 'online')
    await page.close()
    await becomes(his, null)
  })

  journey('whom one talks with has one in the list of rooms too', async ({ world }) => {
    const [alice] = await world.inGeneral('alice', 'bob')
    await alice.page.keyboard.press('Control+k')
    await alice.page.getByRole('combobox', { name: 'Room or person' }).fill('bob')
    await alice.page.getByRole('option', { name: /Bob/ }).waitFor()
    await alice.page.keyboard.press('Enter')
    await becomes(() => dot(alice.rooms.filter({ hasText: 'Bob' })), 'online')
    expect(await dot(alice.rooms.filter({ hasText: 'General' }))).toBeNull()
  })

  journey('the members of a room have one too', async ({ world }) => {
    const [alice] = await world.inGeneral('alice', 'bob')
    await alice.page.getByRole('link', { name: 'About this room' }).click()
    const row = (name: string) => alice.page.getByRole('list', { name: 'Members' }).getByRole('listitem').filter({ hasText: name })
    await becomes(() => dot(row('Bob')), 'online')
    await row('Carol').waitFor()
    expect(await dot(row('Carol'))).toBeNull()
  })
})

describe('do not disturb', () => {
  journey('[N1] it shows to oneself and to others; nothing rings but what is urgent, and all is there afterwards', async ({ world }) => {
    const [prachi, aman] = await world.inGeneral('prachi', 'aman')
    await prachi.writes('Heads down')
    await aman.sees('Heads down')
    await choosesQuiet(prachi, 'For 30 minutes')
    await prachi.seesText(/Do not disturb until \d/)
    await becomes(() => dot(aman.message('Heads down')), 'dnd')
    await aman.message('Heads down').getByRole('img', { name: 'do not disturb' }).waitFor()

    const told = await world.belfry('notify', 'prachi', 'Build failed', '--json')
    expect(JSON.parse(told)).toMatchObject({ suppressed: [{ to: 'prachi', reason: 'do-not-disturb' }] })
    const rung = () => world.belfry('notify', 'prachi,aman', 'Build mended')
    expect(await during(aman.toasts.getByText('Build mended').waitFor(), rung)).toBe(
      'Stored for prachi, aman.\nDoes not ring now for prachi: do not disturb.',
    )
    await prachi.rings(2)
    await world.notifies('prachi', 'The house is on fire', { priority: 'urgent' })
    await prachi.toasts.getByText('The house is on fire').waitFor()
    expect(await prachi.toasts.getByText('Build failed').count()).toBe(0)
    await prachi.rings(3)

    await choosesQuiet(prachi, 'End do not disturb')
    await becomes(() => dot(aman.message('Heads down')), 'online')
    await during(prachi.toasts.getByText('Deployed').waitFor(), () => world.notifies('prachi', 'Deployed'))
  })
})

/** They go on typing: what is said before both follow the room is lost, and on a busy machine its six seconds may be over before anybody looks. */
async function typeUntil(writers: readonly Screen[], reader: Screen, words: RegExp): Promise<void> {
  let text = 'Let me see'
  const typeOn = async () => {
    text += '.'
    for (const writer of writers) await types(writer, text)
    return typing(reader)
  }
  await expect.poll(typeOn, PATIENCE).toMatch(words)
}

async function types(screen: Screen, text: string): Promise<void> {
  await screen.page.bringToFront()
  await screen.box.fill(text)
}

function typing({ page }: Screen): Promise<string> {
  return page.locator('[data-typing]').innerText()
}

/** How present the first face says that its person is; null: it does not. */
function dot(within: Locator): Promise<string | null> {
  return within.locator('[data-presence]').evaluateAll((dots) => dots[0]?.getAttribute('data-presence') ?? null)
}

function accountMenu({ page }: Screen): Locator {
  return page.getByRole('button', { name: /^Account/ })
}

async function choosesQuiet(screen: Screen, choice: string): Promise<void> {
  await screen.page.bringToFront()
  await accountMenu(screen).click()
  await screen.page.getByRole('menuitem', { name: choice }).click()
}
