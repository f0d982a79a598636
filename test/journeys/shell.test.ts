import type { BrowserContext, Page } from 'playwright-core'
import { describe, expect } from 'vitest'
import { buildWeb, webIsStale } from '#cli/src/build-web.ts'
import { chromium } from '#test/binaries.ts'
import { Builds } from './builds.ts'
import { inBrowser } from './journey.ts'
import { PATIENCE } from './screen.ts'

/** The browser lets the older worker end what it has begun. */
const TAKEN_OVER = { ...PATIENCE, timeout: 120_000 }
/** So long the network is waited for. */
const NETWORK_WITHIN_MS = 3_000

interface Stage {
  builds: Builds
  context: BrowserContext
}

/** A browser that has never been here, before a server that can change and go away. */
const onStage = inBrowser.extend('stage', async ({ browser }, { onCleanup }): Promise<Stage> => {
  if (webIsStale()) await buildWeb({ signal: new AbortController().signal })
  const stage = { builds: await Builds.open(), context: await browser.newContext() }
  stage.context.setDefaultTimeout(PATIENCE.timeout)
  onCleanup(async () => {
    await stage.context.close()
    await stage.builds[Symbol.asyncDispose]()
  })
  return stage
})
const onStageOf = onStage.skipIf(chromium.missing)

describe('the shell', () => {
  onStageOf('a newer build is taken at once; pages of the older one go on, also with what they had not loaded', async ({ stage }) => {
    const { builds, context } = stage
    const old = await visits(stage)
    const part = (await keptPaths(old)).find((path) => path.includes('/first.inbox-panel'))!

    builds.deploys('second')
    const page = await context.newPage()
    // Where the network takes longer, the page that is kept is shown.
    for (let tookMs = Infinity; tookMs > NETWORK_WITHIN_MS;) {
      const begunMs = performance.now()
      await page.goto(`${builds.url}/sign-in`)
      tookMs = performance.now() - begunMs
    }
    expect(await buildOf(page)).toBe('second')
    await expect.poll(() => keptBuilds(page), TAKEN_OVER).toEqual(['first', 'second'])
    expect(await old.evaluate(async (path) => (await fetch(path)).status, part)).toBe(200)
    expect(builds.asked.filter((path) => path === part)).toHaveLength(1)

    builds.deploys('third')
    await page.reload()
    await expect.poll(() => keptBuilds(page), TAKEN_OVER).toEqual(['second', 'third'])
  })

  onStageOf.for(['silent', 'failing'] as const)(
    'with a server that is %s it comes from this browser, and is whole',
    async (state, { stage }) => {
      const page = await visits(stage)
      stage.builds.becomes(state)
      stage.builds.asked.length = 0
      await page.goto(`${stage.builds.url}/chat?from=mail`)
      await page.getByRole('heading', { name: /^The server/ }).waitFor()
      expect(await page.evaluate(() => document.fonts.ready.then((fonts) => fonts.check('1em "Inter Variable"')))).toBe(true)
      const asked = stage.builds.asked.filter((path) => !path.startsWith('/api/') && path !== '/sw.js')
      expect(asked).toEqual(['/chat?from=mail'])
    },
  )

  onStageOf('nothing of the API is kept, or answered without the server', async ({ stage }) => {
    const page = await visits(stage)
    expect((await keptPaths(page)).filter((path) => !/^\/(?:assets\/|[\w-]+\.\w+$|$)/.test(path))).toEqual([])
    stage.builds.asked.length = 0
    for (const path of ['/api/v1/rooms', '/health', '/metrics']) await page.evaluate(async (path) => void (await fetch(path)), path)
    await page.goto(`${stage.builds.url}/metrics`)
    // The page asks by itself, again and again, who is signed in, and what workspace this is.
    expect(stage.builds.asked.filter((path) => !/^\/(?:sw\.js|favicon.*|api\/v1\/(?:me|workspace))$/.test(path))).toEqual([
      '/api/v1/rooms',
      '/health',
      '/metrics',
      '/metrics',
    ])
  })
})

/** Opens the first build and waits until this browser keeps it. */
async function visits({ builds, context }: Stage): Promise<Page> {
  const page = await context.newPage()
  await page.goto(`${builds.url}/sign-in`)
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null)
  expect(await buildOf(page)).toBe('first')
  return page
}

function buildOf(page: Page): Promise<string | null> {
  return page.locator('meta[name=build]').getAttribute('content')
}

/** Those that are whole, once nothing is being installed. */
function keptBuilds(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    const registration = await navigator.serviceWorker.ready
    if (registration.installing || registration.waiting || registration.active?.state !== 'activated') return []
    return (await caches.keys()).map((name) => /:(\w+)-/.exec(name)?.[1] ?? name)
  })
}

function keptPaths(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    const requests = await Promise.all((await caches.keys()).map(async (name) => (await caches.open(name)).keys()))
    return requests.flat().map(({ url }) => new URL(url).pathname)
  })
}
