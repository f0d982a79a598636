import type { Page } from 'playwright-core'
import { describe, expect } from 'vitest'
import type { TopicCopy } from '@belfry/client/topic-copy.ts'
import { chromium } from '#test/binaries.ts'
import { keptStories } from '#client/test/kept-stories.ts'
import { inBrowser } from './journey.ts'
import { type KeptPage, openKeptPage } from './kept-page.ts'

const withPage = inBrowser.extend('page', { scope: 'file' }, async ({ browser }, { onCleanup }): Promise<Page> => {
  const context = await browser.newContext()
  onCleanup(() => context.close())
  return openKeptPage(context)
})
const inPage = withPage.skipIf(chromium.missing)

describe('IndexedDB', () => {
  for (const [at, { title, expected }] of keptStories.entries())
    inPage(title, async ({ page }) => {
      expect(await page.evaluate(tellStory, at)).toEqual(expected)
    })

  inPage('a database with other stores in it, or of another version, is replaced', async ({ page }) => {
    const found = await page.evaluate(async () => {
      const { keepInBrowser } = globalThis as unknown as KeptPage
      await new Promise<void>((resolve) => {
        const request = indexedDB.open('belfry:strange:', 7)
        request.onupgradeneeded = () => {
          request.result.createObjectStore('topics', { keyPath: 'id' })
          request.result.createObjectStore('outbox', { autoIncrement: true })
        }
        request.onsuccess = () => (request.result.close(), resolve())
      })
      const kept = keepInBrowser('strange')
      const before = [await kept.topics(), await kept.outbox([])]
      await kept.putTopics([{ topic: 'workspace', epoch: 'e1', seq: 1, windows: {}, rows: {}, openedAt: 1 }])
      return [before, ((await keepInBrowser('strange').topics()) as TopicCopy[]).map(({ topic }) => topic)]
    })
    expect(found).toEqual([[[], []], ['workspace']])
  })

  inPage('an entry of another shape is neither shown nor lost', async ({ page }) => {
    const found = await page.evaluate(async () => {
      const { keepInBrowser } = globalThis as unknown as KeptPage
      const kept = keepInBrowser('mixed')
      await kept.outbox([])
      const database = await new Promise<IDBDatabase>((resolve) => {
        const request = indexedDB.open('belfry:mixed:')
        request.onsuccess = () => resolve(request.result)
      })
      const foreign = { entryId: 'later', name: 'message.shout', order: 4 }
      await new Promise((resolve) => {
        database.transaction('outbox', 'readwrite').objectStore('outbox').put(foreign).onsuccess = resolve
      })
      const shown = await kept.outbox([{ is: 'removed', entryIds: ['nothing'] }])
      const all = await new Promise((resolve) => {
        const request = database.transaction('outbox').objectStore('outbox').getAll()
        request.onsuccess = () => resolve(request.result)
      })
      database.close()
      return [shown, all]
    })
    expect(found).toEqual([[], [{ entryId: 'later', name: 'message.shout', order: 4 }]])
  })

  inPage('of other accounts the rows go; what they wrote and did not send stays theirs', async ({ page }) => {
    const found = await page.evaluate(async () => {
      const { keepInBrowser, forgetRowsOfOthers } = globalThis as unknown as KeptPage
      const entry = { entryId: 'e1', name: 'notification.delete', input: { id: 'n1' }, order: 0, createdAt: 1, epoch: null } as const
      for (const userId of ['prachi', 'aman']) {
        const kept = keepInBrowser(userId)
        await kept.putTopics([{ topic: 'workspace', epoch: 'e1', seq: 1, windows: {}, rows: {}, openedAt: 1 }])
        const unsent = { ...entry, tries: 0, sentAt: null, openUntil: 0, failure: null, isIdLost: false }
        await kept.outbox([{ is: 'added', entry: unsent }])
      }
      await keepInBrowser('carol').putTopics([{ topic: 'workspace', epoch: 'e1', seq: 1, windows: {}, rows: {}, openedAt: 1 }])
      await forgetRowsOfOthers('aman')
      const names = (await indexedDB.databases()).map(({ name }) => name)
      const counts = async (userId: string) => {
        const kept = keepInBrowser(userId)
        return [(await kept.topics()).length, (await kept.outbox([])).length]
      }
      return [await counts('prachi'), await counts('aman'), names.includes('belfry:carol:')]
    })
    expect(found).toEqual([[0, 1], [1, 1], false])
  })
})

describe('IndexedDB in tabs', () => {
  inPage('a database that is deleted while another tab looks for rows to delete is not made again', async ({ page }) => {
    const left = await page.evaluate(async () => {
      const { keepInBrowser, forgetRowsOfOthers } = globalThis as unknown as KeptPage
      for (let round = 0; round < 20; round++) {
        const kept = keepInBrowser('gone')
        await kept.topics()
        await Promise.all([kept.forget(), forgetRowsOfOthers(null), forgetRowsOfOthers(null)])
      }
      await new Promise((resolve) => (indexedDB.deleteDatabase('belfry:none:').onsuccess = resolve))
      return (await indexedDB.databases()).filter(({ name }) => name === 'belfry:gone:')
    })
    expect(left).toEqual([])
  })
})

/** Accounts of its own for each story. */
function tellStory(at: number): Promise<unknown> {
  const { keptStories, keepInBrowser } = globalThis as unknown as KeptPage
  return keptStories[at]!.told({ tab: (userId) => keepInBrowser(`${at}-${userId}`) })
}
