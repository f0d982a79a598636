import { describe, expect } from 'vitest'
import { neverAfter } from './browser.ts'
import { journey } from './journey.ts'
import { PATIENCE, type Screen } from './screen.ts'
import { PASSWORD } from './stored.ts'
import type { World } from './world.ts'

describe('without a server', () => {
  journey('[F5] the page opens from what this browser keeps: the room, who wrote, the inbox', async ({ world }) => {
    const alice = await readsGeneral(world)
    await world.server.kill()
    await alice.page.reload()
    await alice.sees('Said before')
    await alice.message('Said before').getByText('Bob').waitFor()
    await alice.rings(1)
    await alice.opensInbox()
    await alice.item('Rang before').waitFor()
    await alice.seesText(/Connection lost\.|Connecting again…/)

    const other = await alice.person.opens('/inbox')
    await other.item('Rang before').waitFor()
    await world.server.start()
    await alice.seesNo('Connection lost')
    await alice.isAllSent()
  })

  journey('[W8] what is written then survives a reload, and is sent afterwards, once and in order', async ({ world }) => {
    const alice = await readsGeneral(world)
    await world.server.kill()
    await alice.page.reload()
    await alice.sees('Said before')
    await alice.writes('One', 'Two')
    await alice.hasKept(2)
    await alice.page.reload()
    await alice.seesExactly('Said before', ...waiting('One', 'Two'))
    await alice.writes('Three')
    await alice.message('Three').getByText('Sending…').waitFor()

    await world.server.start()
    const [bob] = await world.inGeneral('bob')
    await bob.seesExactly('Said before', 'One', 'Two', 'Three')
    await alice.isAllSent()
    await alice.seesExactly('Said before', 'One', 'Two', 'Three')
  })

  journey('[W8] two tabs write, and are loaded anew: each message is sent once, in the order of writing', async ({ world }) => {
    const tab = await readsGeneral(world)
    const other = await tab.person.opens('/chat')
    await other.sees('Said before')
    await world.server.kill()
    await tab.writes('One')
    await tab.hasKept(1)
    await other.writes('Two')
    await other.hasKept(2)
    await tab.writes('Three')
    await tab.hasKept(3)
    for (const screen of [tab, other]) await screen.page.reload()
    for (const screen of [tab, other]) await screen.seesExactly('Said before', ...waiting('One', 'Two', 'Three'))

    await world.server.start()
    const [bob] = await world.inGeneral('bob')
    await bob.seesExactly('Said before', 'One', 'Two', 'Three')
    for (const screen of [tab, other]) {
      await screen.isAllSent()
      await screen.seesExactly('Said before', 'One', 'Two', 'Three')
    }
  })

  journey(
    '[W8] what is not on this device says so, and comes with the connection, and so does what one writes there',
    async ({ world }) => {
      await world.room({ id: 'den', name: 'Den', messages: 3 })
      const alice = await readsGeneral(world)
      await world.server.kill()
      const elsewhere = await alice.person.opens('/rooms/den')
      const notHere = elsewhere.page.getByRole('heading', { name: 'This room is not on this device yet' })
      await notHere.waitFor()
      await elsewhere.page.bringToFront()
      const box = elsewhere.page.getByRole('textbox', { name: /^Message/ })
      for (const text of numbered(40)) {
        await box.fill(text)
        await box.press('Enter')
      }
      await elsewhere.message('Ahead 40').getByText('Sending…').waitFor()
      expect(await elsewhere.message('Ahead 40').evaluate((one) => one.getBoundingClientRect().bottom <= innerHeight)).toBe(true)
      await elsewhere.seesText('The other rooms are listed once you are connected.')
      const inbox = await alice.person.opens('/inbox')
      await inbox.turnsTo('Archived')
      await inbox.seesText('This list could not be loaded.')

      await world.server.start()
      await inbox.seesText('Nothing archived')
      await notHere.waitFor({ state: 'detached' })
      await elsewhere.page.bringToFront()
      await elsewhere.sees('Ahead 40')
      await elsewhere.isAllSent()
      await elsewhere.seesNo('The other rooms are listed once you are connected.')
    },
  )

  journey(
    '[A4] signing out deletes all that this browser keeps, in every tab; the server is told when it is there again',
    async ({ world }) => {
      const alice = await readsGeneral(world)
      const other = await alice.person.opens('/chat')
      await other.sees('Said before')
      // Whoever is signed in by the copy alone, the server has not confirmed.
      await other.isConnected()
      await world.server.kill()
      await alice.box.fill('A draft')
      await alice.asksToSignOut()
      await alice.page.getByRole('alertdialog', { name: 'The server cannot be reached' }).waitFor()
      await alice.button('Sign out here').click()
      await alice.page.waitForURL(/\/sign-in/)
      await other.page.getByRole('heading', { name: 'You are signed out' }).waitFor()
      await expect.poll(() => alice.kept(), PATIENCE).toEqual({ 'belfry:left': 'yes' })

      await world.server.start()
      await expect.poll(() => alice.kept(), PATIENCE).toEqual({})
      const again = await alice.person.opens('/chat')
      await again.page.waitForURL(/\/sign-in/)
      await again.signsIn('alice', PASSWORD)
      await again.sees('Said before')
      await expect.poll(() => again.box.inputValue(), PATIENCE).toBe('')
    },
  )

  journey('who is asked whether what is not sent may be lost is told when it is sent', async ({ world }) => {
    const alice = await readsGeneral(world)
    await alice.isConnected()
    alice.person.network.cut()
    await alice.writes('From a tunnel')
    await alice.asksToSignOut()
    const question = alice.page.getByRole('alertdialog', { name: 'Sign out?' })
    await question.getByText('One change was not sent yet and would be lost.').waitFor()
    alice.person.network.restore()
    await question.getByText('Nothing waits to be sent any more.').waitFor()
  })

  journey(
    'who signs out while the server does not answer is told that it takes long, and then how to go all the same',
    async ({ world }) => {
      const alice = await readsGeneral(world)
      await alice.isConnected()
      alice.person.network.goDead()
      await alice.asksToSignOut()
      await alice.page.getByRole('alertdialog', { name: 'Signing out…' }).waitFor()
      await alice.page.getByRole('alertdialog', { name: 'The server cannot be reached' }).waitFor()
      await alice.button('Sign out here').click()
      await alice.page.waitForURL(/\/sign-in/)
    },
  )
})

describe('what a browser keeps', () => {
  journey('[W8] who loads the page anew right after sending loses nothing, and nothing is sent twice', async ({ world }) => {
    const [alice, bob] = await world.inGeneral('alice', 'bob')
    const goes = {
      'before the outbox has it': async (text: string) => {
        await alice.box.fill(text)
        await holdsUpTheOutbox(alice)
        await isLoadedAnew(alice, sendsAndReloads)
      },
      'at once': async (text: string) => {
        await alice.box.fill(text)
        await isLoadedAnew(alice, sendsAndReloads)
      },
      'without hearing that it is safe': async (text: string) => {
        await alice.page.evaluate(keepsWhatIsSafe)
        await alice.posts(text)
        await alice.page.reload()
      },
    }
    const texts = Object.keys(goes)
    for (const [text, how] of Object.entries(goes)) {
      await how(text)
      await alice.sees(text)
      await expect.poll(() => alice.box.inputValue(), PATIENCE).toBe('')
    }

    await holdsUpTheOutbox(alice)
    await alice.writes('Taken back', 'Said badly')
    await alice.deletes('Taken back')
    await alice.edits('Said badly', 'Said well')
    await alice.page.reload()
    await alice.sees('Said well')
    await alice.isAllSent()
    for (const screen of [alice, bob]) await screen.seesExactly(...texts, 'Said well')
    await expect.poll(async () => JSON.stringify(await alice.kept()), PATIENCE).not.toContain(':post:')
  })

  journey('[A4] the rows go when the account is signed out elsewhere; what was not sent waits for its author', async ({ world }) => {
    const alice = await readsGeneral(world)
    await world.server.kill()
    await alice.writes('Not sent yet')
    await alice.hasKept(1)
    await alice.page.close()
    await world.server.start()
    const elsewhere = await world.person('alice')
    await elsewhere.context.request.delete(`${elsewhere.network.url}/api/v1/me/sessions`, { headers: { origin: elsewhere.network.url } })

    const again = await alice.person.opens('/chat')
    await again.page.waitForURL(/\/sign-in/)
    await expect.poll(async () => JSON.stringify(await again.kept()), PATIENCE).not.toMatch(/Said before|Rang before|"username"/)
    expect(JSON.stringify(await again.kept())).toContain('Not sent yet')
    await again.signsIn('alice', PASSWORD)
    await again.seesExactly('Said before', 'Not sent yet')
    await again.isAllSent()
  })

  journey('[A1] the rows go when another account takes the place', async ({ world }) => {
    const alice = await readsGeneral(world)
    await alice.page.close()
    await alice.person.signsIn('aman')
    const aman = await alice.person.opens('/inbox')
    await aman.page.getByRole('button', { name: /^Account: Aman/ }).waitFor()
    await aman.seesAllRead()
    await expect.poll(async () => JSON.stringify(await aman.kept()), PATIENCE).not.toContain('Rang before')
  })

  journey('a copy that is damaged, or of another version, costs nothing but a moment', async ({ world }) => {
    const alice = await readsGeneral(world)
    await alice.page.evaluate(damagesCopies)
    await alice.page.reload()
    await alice.sees('Said before')
    await alice.rings(1)
    await alice.hasCopyOf('Said before')
    await alice.page.evaluate(replacesDatabases)
    await alice.page.reload()
    await alice.sees('Said before')
    await alice.hasCopyOf('Said before')
  })
})

/** Alice has read a message and a notification, and her browser keeps both, and the page itself. */
async function readsGeneral(world: World): Promise<Screen> {
  const [alice, bob] = await world.inGeneral('alice', 'bob')
  await bob.writes('Said before')
  await world.notifies('alice', 'Rang before')
  await alice.sees('Said before')
  await alice.rings(1)
  await bob.isAllSent()
  await bob.page.close()
  await alice.hasCopyOf('Said before', 'Rang before', 'Bob')
  await alice.keepsShell()
  return alice
}

function numbered(count: number): string[] {
  return Array.from({ length: count }, (_, at) => `Ahead ${String(at + 1).padStart(2, '0')}`)
}

/** As they stand in the room. */
function waiting(...texts: string[]): string[] {
  return texts.map((text) => `${text}Sending…`)
}

/** Storage is busy until this page is gone. Nor is it given up after a while (KEPT_WITHIN_MS): a busy machine takes longer for what is done meanwhile. */
async function holdsUpTheOutbox({ page }: Screen): Promise<void> {
  await page.evaluate(neverAfter, 5_000)
  await page.evaluate(asksForTheOutboxAllTheTime)
}

async function asksForTheOutboxAllTheTime(): Promise<void> {
  const name = (await indexedDB.databases()).map((database) => database.name ?? '').find((one) => one.startsWith('belfry:'))!
  const database = await new Promise<IDBDatabase>((resolve) => {
    const request = indexedDB.open(name)
    request.onsuccess = () => resolve(request.result)
  })
  const outbox = database.transaction('outbox', 'readwrite').objectStore('outbox')
  const askAgain = () => (outbox.count().onsuccess = askAgain)
  askAgain()
}

/** What is kept until the outbox has it stays after that. */
function keepsWhatIsSafe(): void {
  const { removeItem } = Storage.prototype
  Storage.prototype.removeItem = function (key) {
    if (!key.includes(':post:')) removeItem.call(this, key)
  }
}

/** Until the new page is there, the old one takes what is written. */
async function isLoadedAnew({ page }: Screen, act: () => void): Promise<void> {
  await Promise.all([page.waitForEvent('load'), page.evaluate(act)])
}

/** In one turn. */
function sendsAndReloads(): void {
  document.querySelector('textarea')!.form!.requestSubmit()
  location.reload()
}

async function damagesCopies(): Promise<void> {
  for (const { name = '' } of await indexedDB.databases()) {
    const database = await new Promise<IDBDatabase>((resolve) => {
      const request = indexedDB.open(name)
      request.onsuccess = () => resolve(request.result)
    })
    const transaction = database.transaction('topics', 'readwrite')
    const topics = transaction.objectStore('topics')
    const all = topics.getAll()
    all.onsuccess = () => {
      for (const copy of all.result) {
        if (copy.topic.startsWith('room:')) topics.put({ ...copy, rows: { message: [{ id: 7, body: { text: 'no text' } }] } })
        else topics.put({ topic: copy.topic, of: 'another version' })
      }
    }
    await new Promise((resolve) => (transaction.oncomplete = resolve))
    database.close()
  }
}

async function replacesDatabases(): Promise<void> {
  for (const { name = '' } of await indexedDB.databases()) {
    await new Promise((resolve) => (indexedDB.deleteDatabase(name).onsuccess = resolve))
    await new Promise<void>((resolve) => {
      const request = indexedDB.open(name, 9)
      request.onupgradeneeded = () => void request.result.createObjectStore('something else')
      request.onsuccess = () => (request.result.close(), resolve())
    })
  }
}
