import { type Browser, chromium as driver } from 'playwright-core'
import { expect, test, vi } from 'vitest'
import { chromium } from '#test/binaries.ts'
import { World } from './world.ts'

const QUIET = ['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync']

/** On a machine that does much else at the same time. */
vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 })

export function launchBrowser(): Promise<Browser> {
  return driver.launch({ executablePath: chromium.path, args: ['--no-sandbox', ...QUIET] })
}

/** A test with a world of its own, in the one browser of its file. In no journey may a page complain. */
const told = test
  .extend('browser', { scope: 'file' }, async ({}, { onCleanup }) => {
    const browser = await launchBrowser()
    onCleanup(() => browser.close())
    return browser
  })
  .extend('world', async ({ browser }, { onCleanup }) => {
    const world = await World.open(browser)
    onCleanup(async () => {
      const { complaints } = world
      await world[Symbol.asyncDispose]()
      expect(complaints).toEqual([])
    })
    return world
  })

export const journey = told.skipIf(chromium.missing)
