import { expect, test, vi } from 'vitest'
import { chromium } from '#test/binaries.ts'
import { launchBrowser } from './browser.ts'
import { World } from './world.ts'

/** On a machine that does much else at the same time. */
vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 })

/** A test in the one browser of its file. */
const inBrowser = test.extend('browser', { scope: 'file' }, async ({}, { onCleanup }) => {
  const browser = await launchBrowser()
  onCleanup(() => browser.close())
  return browser
})

/** With a world of its own. In no journey may a page complain. */
const inWorld = inBrowser.extend('world', async ({ browser }, { onCleanup }) => {
  const world = await World.open(browser)
  onCleanup(async () => {
    const { complaints } = world
    await world[Symbol.asyncDispose]()
    expect(complaints).toEqual([])
  })
  return world
})

export const launched = inBrowser.skipIf(chromium.missing)
export const journey = inWorld.skipIf(chromium.missing)
