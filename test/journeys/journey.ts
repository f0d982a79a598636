import { expect, type TestContext, test } from 'vitest'
import { chromium } from '#test/binaries.ts'
import { launchBrowser } from './browser.ts'
import { World } from './world.ts'

/** A test in the one browser of its process. */
export const inBrowser = test.extend('browser', { scope: 'worker' }, async ({}, { onCleanup }) => {
  const browser = await launchBrowser()
  onCleanup(() => browser.close())
  return browser
})

/** With a world of its own. */
const inWorld = inBrowser.extend('world', async ({ browser, task }, { onCleanup }) => kept(await World.open(browser), task, onCleanup))

/** With a world that alice administers, in which bob and carol have no accounts yet. */
const underAlice = inBrowser.extend('world', async ({ browser, task }, { onCleanup }) =>
  kept(await World.open(browser, {}, { people: ['alice', 'prachi', 'aman'], administrators: ['alice'] }), task, onCleanup),
)

/** In no journey may a page complain; and where one fails, it is said what its people saw. */
function kept(world: World, task: TestContext['task'], onCleanup: (clean: () => Promise<void>) => void): World {
  onCleanup(async () => {
    if (task.result?.state === 'fail') console.log(await world.seen())
    const { complaints } = world
    await world[Symbol.asyncDispose]()
    expect(complaints).toEqual([])
  })
  return world
}

export const launched = inBrowser.skipIf(chromium.missing)
export const journey = inWorld.skipIf(chromium.missing)
export const administered = underAlice.skipIf(chromium.missing)
