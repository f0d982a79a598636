import { describe, expect } from 'vitest'
import { journey } from './journey.ts'
import { during } from './pages.ts'
import { PATIENCE } from './screen.ts'
import type { World } from './world.ts'

describe('a notification to one of two people', () => {
  journey('[A1] [N1] a backend rings the bell of one person; no byte of it reaches another’s browser', async ({ world }) => {
    const key = await world.belfry('key', 'create', 'ci', '--scope', 'notify')
    const [prachi, aman] = await world.inGeneral('prachi', 'aman')
    const secret = 'Salary review 7f3a'
    const told = { to: 'prachi', title: secret, body: 'With details 9c1e', url: 'https://ci.example.com/1482' }
    const answer = await during(prachi.toasts.getByText(secret).waitFor(), () => publishes(world, key, told))
    expect(answer.status).toBe(201)

    await prachi.rings(1)
    await expect.poll(() => prachi.page.title(), PATIENCE).toBe('(1) General · Belfry')
    await prachi.writes('Did anybody else hear that?')
    await aman.sees('Did anybody else hear that?')
    await aman.page.reload()
    await aman.sees('Did anybody else hear that?')
    await aman.opensInbox()
    await aman.seesAllRead()
    await expect.poll(() => aman.page.title(), PATIENCE).toBe('General · Belfry')

    expect(await prachi.person.received()).toContain(secret)
    const received = await aman.person.received()
    expect(received).toContain('Did anybody else hear that?')
    for (const part of [secret, '7f3a', '9c1e', 'ci.example.com/1482']) expect(received).not.toContain(part)
    expect(JSON.stringify(await aman.kept())).not.toContain('7f3a')
  })

  journey('[N3] read on one tab, it is gone from the other tab and the other device', async ({ world }) => {
    const prachi = await world.person('prachi')
    const [tab, other] = [await prachi.opens('/chat'), await prachi.opens('/chat')]
    const rung = world.belfry('notify', 'prachi', 'Build failed', '--body', '3 tests in checkout', '--url', '/inbox')
    // A toast goes by itself.
    await other.toasts.getByText('Build failed').waitFor()
    await rung
    for (const screen of [tab, other]) await screen.rings(1)
    // An inbox that is open sees what comes, and what was seen rings nowhere any more.
    const phone = await (await world.person('prachi')).opens('/inbox')
    await phone.item('Build failed').waitFor()

    await tab.opensInbox()
    await tab.item('Build failed').getByText('3 tests in checkout').waitFor()
    await tab.item('Build failed').getByRole('button', { name: 'Build failed' }).click()
    await tab.page.waitForURL(/\/inbox$/)
    for (const screen of [other]) await screen.rings(0)
    await expect.poll(() => other.toasts.getByText('Build failed').count(), PATIENCE).toBe(0)
    await expect.poll(() => phone.item('Build failed').count(), PATIENCE).toBe(0)
    await phone.seesAllRead()
    await expect.poll(() => other.page.title(), PATIENCE).toBe('General · Belfry')
  })

  journey('[N3] unread again, archived, deleted and all read: one truth on every screen', async ({ world }) => {
    const prachi = await world.person('prachi')
    for (const title of ['One', 'Two', 'Three']) await world.notifies('prachi', title)
    const [inbox, room] = [await prachi.opens('/inbox'), await prachi.opens('/chat')]
    await room.rings(3)

    await inbox.does('Mark as read', 'One')
    await room.rings(2)
    await inbox.turnsTo('All')
    await inbox.does('Mark as unread', 'One')
    await room.rings(3)
    await inbox.does('Archive', 'Two')
    await room.rings(2)
    await expect.poll(() => inbox.item('Two').count(), PATIENCE).toBe(0)
    await inbox.turnsTo('Archived')
    await inbox.item('Two').waitFor()
    await inbox.turnsTo('All')
    await inbox.does('Delete', 'Three')
    await room.rings(1)

    await inbox.button('Mark all read').click()
    await room.rings(0)
    await room.opensInbox()
    await room.seesAllRead()
    await room.turnsTo('All')
    await room.item('One').waitFor()
    expect(await room.item('Three').count()).toBe(0)
  })

  journey('[N2] [N3] it waits until its person returns; the same key does not ring twice', async ({ world }) => {
    const prachi = await world.person('prachi')
    const screen = await prachi.opens('/chat')
    await screen.signsOut()
    for (const title of ['Backup failed', 'Backup failed']) await world.notifies('prachi', title, { key: 'backup' })
    await world.server.stop()
    await world.server.start()

    await screen.signsIn('prachi', 'correct horse battery')
    await screen.rings(1)
    await screen.opensInbox()
    await screen.item('Backup failed').waitFor()
    expect(await screen.item('Backup failed').count()).toBe(1)
  })

  journey('[N3] with permission, a hidden page shows it through the system, and takes it away once it is read', async ({ world }) => {
    const prachi = await world.person('prachi')
    await prachi.context.addInitScript(systemThatCounts)
    const [hidden, other] = [await prachi.opens('/chat'), await (await world.person('prachi')).opens('/inbox')]
    const shown = () => hidden.page.evaluate(() => (globalThis as unknown as { shown: string[] }).shown)
    await world.notifies('prachi', 'Seen in the page')
    await hidden.rings(1)
    expect(await shown()).toEqual([])

    await hidden.page.evaluate(() => Object.defineProperty(document, 'hidden', { value: true }))
    await world.notifies('prachi', 'Seen by the system')
    await expect.poll(shown, PATIENCE).toEqual(['Seen by the system'])
    await other.does('Mark as read', 'Seen by the system')
    await expect.poll(shown, PATIENCE).toEqual([])
  })
})

/** As any backend would. */
function publishes(world: World, key: string, notification: Record<string, unknown>): Promise<Response> {
  const headers = { 'authorization': `Bearer ${key}`, 'content-type': 'application/json' }
  return fetch(`${world.server.url}/api/v1/notifications`, { method: 'POST', headers, body: JSON.stringify(notification) })
}

/** In place of the system's notifications, which no test can look at: the titles that are shown now. Runs in the page. */
function systemThatCounts(): void {
  const shown: string[] = []
  class Counted {
    static readonly permission = 'granted'
    onclick: (() => void) | null = null
    readonly #title: string
    constructor(title: string) {
      this.#title = title
      shown.push(title)
    }
    close(): void {
      shown.splice(shown.indexOf(this.#title), 1)
    }
  }
  Object.assign(globalThis, { shown, Notification: Counted })
}
