import type { Locator, Page } from 'playwright-core'
import { expect } from 'vitest'
import type { Person } from './person.ts'

/**
 * How long a screen may take, on a machine that does much else: there a page may stand on a stream at first, over which nobody is said to type or to be here,
 * and half a minute passes before it tries a socket again.
 */
export const PATIENCE = { timeout: 90_000, interval: 30 }

/** One tab of one person's browser, in the words of who looks at it. Who does something in it has it in front: a browser draws the others once a second. */
export class Screen {
  readonly person: Person
  readonly page: Page

  constructor(person: Person, page: Page) {
    this.person = person
    this.page = page
  }

  get box(): Locator {
    return this.page.getByRole('textbox', { name: /^Message / })
  }

  get log(): Locator {
    return this.page.getByRole('log', { name: 'Messages' })
  }

  /** The links to the rooms. */
  get rooms(): Locator {
    return this.page.getByRole('navigation', { name: 'Rooms' }).getByRole('listitem').getByRole('link')
  }

  get bell(): Locator {
    return this.page.getByRole('button', { name: /^Inbox/ })
  }

  get panel(): Locator {
    return this.page.getByRole('dialog', { name: 'Inbox' })
  }

  get toasts(): Locator {
    return this.page.getByRole('region', { name: 'New notifications' })
  }

  message(text: string): Locator {
    return this.log.getByRole('article').filter({ hasText: text })
  }

  /** An item of the inbox, in the panel or on the page. */
  item(title: string): Locator {
    return this.page.getByRole('tabpanel').getByRole('listitem').filter({ hasText: title })
  }

  button(name: string): Locator {
    return this.page.getByRole('button', { name, exact: true })
  }

  async writes(...texts: string[]): Promise<void> {
    await this.page.bringToFront()
    for (const text of texts) {
      await this.box.fill(text)
      await this.box.press('Enter')
    }
  }

  /** The same until it is stored: what anybody writes after that stands behind it. */
  async posts(...texts: string[]): Promise<void> {
    await this.writes(...texts)
    await this.sees(...texts)
    await this.isAllSent()
  }

  async sees(...texts: string[]): Promise<void> {
    for (const text of texts) await this.message(text).waitFor()
  }

  /** The server has spoken to this page: what it shows is not its copy alone. */
  async isConnected(is = true): Promise<void> {
    await this.page
      .getByRole('button', { name: /^Account/ })
      .locator('[data-presence=online]')
      .waitFor({ state: is ? 'attached' : 'detached' })
  }

  async seesText(text: string | RegExp): Promise<void> {
    await this.page.getByText(text).first().waitFor()
  }

  async seesNo(text: string): Promise<void> {
    await expect.poll(() => this.page.locator('body').innerText(), PATIENCE).not.toContain(text)
  }

  /** What stands in the room, from top to bottom, as far as it is in view: the words alone. */
  async seesExactly(...bodies: string[]): Promise<void> {
    await expect.poll(() => this.bodies(), PATIENCE).toEqual(bodies)
  }

  async bodies(): Promise<string[]> {
    return this.log
      .locator('article')
      .evaluateAll((articles) => articles.map((one) => one.querySelector('[id$="-text"]')?.parentElement?.textContent ?? ''))
  }

  /** Goes to a room by the list, in which a link may move to another section under the click. */
  async goesTo(room: string): Promise<void> {
    await this.page.bringToFront()
    const heading = this.page.getByRole('heading', { name: room, exact: true, level: 1 })
    const isThere = async () => {
      await this.rooms.filter({ hasText: room }).click()
      return isSo(heading.waitFor({ timeout: 5_000 }))
    }
    await expect.poll(isThere, PATIENCE).toBe(true)
  }

  /** Nothing is on its way any more. */
  async isAllSent(): Promise<void> {
    await expect.poll(() => this.log.getByText(/^(Sending|Saving|Deleting)…$/).count(), PATIENCE).toBe(0)
  }

  async rings(unread: number): Promise<void> {
    const name = unread === 0 ? 'Inbox' : `Inbox, ${unread} unread`
    await this.page.getByRole('button', { name, exact: true }).waitFor()
  }

  async opensInbox(): Promise<void> {
    await this.page.bringToFront()
    await this.bell.click()
    await this.panel.waitFor()
  }

  async seesAllRead(): Promise<void> {
    await this.page.getByText('All read', { exact: true }).waitFor()
  }

  async signsOut(): Promise<void> {
    await this.page.bringToFront()
    await this.asksToSignOut()
    await this.page.waitForURL(/\/sign-in/)
  }

  /** Whatever comes of it. */
  async asksToSignOut(): Promise<void> {
    await this.page.getByRole('button', { name: /^Account/ }).click()
    await this.page.getByRole('menuitem', { name: 'Sign out' }).click()
  }

  async signsIn(username: string, password: string): Promise<void> {
    await this.page.bringToFront()
    await this.page.getByLabel('User name').fill(username)
    await this.page.getByLabel('Password').fill(password)
    await this.page.getByRole('button', { name: 'Sign in' }).click()
  }

  /** All that the browser keeps of people: texts, and rows by database. */
  kept(): Promise<Record<string, unknown>> {
    return this.page.evaluate(readKept)
  }

  /** The browser keeps rows with these texts. */
  async hasCopyOf(...texts: string[]): Promise<void> {
    for (const text of texts) await expect.poll(async () => JSON.stringify(await this.kept()), PATIENCE).toContain(text)
  }

  /** The browser keeps the page itself. */
  async keepsShell(): Promise<void> {
    await this.page.waitForFunction(() => navigator.serviceWorker.controller !== null)
  }

  /** So many changes wait in what the browser keeps of the one account that is in use. */
  async hasKept(count: number): Promise<void> {
    const outbox = async () => Object.values(await this.kept()).flatMap((rows) => (rows as { outbox?: unknown[] }).outbox ?? [])
    await expect.poll(async () => (await outbox()).length, PATIENCE).toBe(count)
  }

  /** What the pointer on a message brings up. */
  async chooses(
    deed: 'Answer' | 'React' | 'Copy link' | 'Mark unread from here' | 'Edit message' | 'Delete message',
    text: string,
  ): Promise<void> {
    await this.clicksUnder(this.message(text), deed)
  }

  async edits(text: string, to: string): Promise<void> {
    await this.chooses('Edit message', text)
    const box = this.page.getByRole('textbox', { name: 'Edit message' })
    await box.fill(to)
    await box.press('Enter')
  }

  /** `name`: how the emoji is read out. */
  async reacts(text: string, name: string): Promise<void> {
    await this.chooses('React', text)
    await this.page.getByRole('dialog', { name: 'React' }).getByRole('button', { name, exact: true }).click()
  }

  /** What stands at a message, in words. */
  reactions(text: string): Promise<(string | null)[]> {
    const buttons = this.message(text).getByRole('list', { name: 'Reactions' }).getByRole('button')
    return buttons.evaluateAll((all) => all.map((one) => one.getAttribute('aria-label')))
  }

  async deletes(text: string): Promise<void> {
    await this.chooses('Delete message', text)
    await this.page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click()
    await this.message(text).waitFor({ state: 'detached' })
  }

  async turnsTo(tab: 'Unread' | 'All' | 'Archived'): Promise<void> {
    await this.page.bringToFront()
    await this.page.getByRole('tab', { name: tab }).click()
  }

  /** The same on an item of the inbox. */
  async does(deed: string, title: string): Promise<void> {
    await this.clicksUnder(this.item(title), deed)
  }

  /** A button that is there while the pointer is on what it belongs to, which may move away from under a pointer that stays where it is. */
  async clicksUnder(place: Locator, deed: string): Promise<void> {
    await this.page.bringToFront()
    const button = place.getByRole('button', { name: deed, exact: true })
    const isClicked = async () => {
      await place.hover()
      return isSo(button.click({ trial: true, timeout: 2_000 }).then(() => button.click({ timeout: 5_000 })))
    }
    await expect.poll(isClicked, PATIENCE).toBe(true)
  }

  /** Turns the wheel over the messages. */
  async scrolls(px: number): Promise<void> {
    await this.log.hover()
    await this.page.mouse.wheel(0, px)
  }

  async leavesTheBottom(): Promise<void> {
    const turns = async () => {
      await this.scrolls(-700)
      return this.button('Jump to latest').count()
    }
    await expect.poll(turns, PATIENCE).toBe(1)
  }

  /** The message stands wholly in view. */
  async isInView(text: string): Promise<void> {
    const message = this.message(text)
    await message.waitFor()
    const isInside = () =>
      message.evaluate((one) => {
        const [inner, outer] = [one.getBoundingClientRect(), one.closest('[role=log]')!.getBoundingClientRect()]
        return inner.top >= outer.top - 1 && inner.bottom <= outer.bottom + 1
      })
    await expect.poll(isInside, PATIENCE).toBe(true)
  }

  /** The first message that stands wholly in view: how its text begins. */
  firstInView(): Promise<string> {
    return this.log.evaluate((log) => {
      const { top } = log.getBoundingClientRect()
      const articles = [...log.querySelectorAll('article')].toSorted(
        (a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top,
      )
      return /#\d+/.exec(articles.find((one) => one.getBoundingClientRect().top >= top + 60)?.textContent ?? '')?.[0] ?? ''
    })
  }

  /** Rows are measured once they are drawn: until several drawings in a row are the same. */
  async comesToRest(): Promise<void> {
    await this.log.evaluate(async (log) => {
      const drawing = () => `${log.scrollTop} ${log.scrollHeight} ${log.querySelectorAll('article').length}`
      for (let before = '', same = 0; same < 6;) {
        await new Promise(requestAnimationFrame)
        same = drawing() === before ? same + 1 : 0
        before = drawing()
      }
    })
  }

  /** Where a message stands in the window. */
  async topOf(text: string): Promise<number> {
    const box = await this.message(text).boundingBox({ timeout: PATIENCE.timeout })
    if (!box) throw new Error(`"${text}" is not to be seen.`)
    return box.y
  }
}

/** Whether it came about. */
function isSo(doing: Promise<void>): Promise<boolean> {
  return doing.then(
    () => true,
    () => false,
  )
}

async function readKept(): Promise<Record<string, unknown>> {
  const kept: Record<string, unknown> = { ...localStorage }
  for (const { name = '' } of await indexedDB.databases()) {
    const database = await new Promise<IDBDatabase | null>((resolve) => {
      const request = indexedDB.open(name)
      // It was deleted meanwhile: then it is not made again.
      request.onupgradeneeded = () => request.transaction?.abort()
      request.onsuccess = () => resolve(request.result)
      request.onerror = () => resolve(null)
    })
    const stores = [...(database?.objectStoreNames ?? [])]
    if (database && stores.length > 0) kept[name] = Object.fromEntries(await Promise.all(stores.map(rowsOf)))
    database?.close()

    function rowsOf(store: string): Promise<[string, unknown[]]> {
      return new Promise((resolve) => {
        const request = database!.transaction(store).objectStore(store).getAll()
        request.onsuccess = () => resolve([store, request.result])
      })
    }
  }
  return kept
}
