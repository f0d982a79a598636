import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { GENERAL_ROOM } from '@belfry/protocol/topics.ts'
import { signInCookie } from '@belfry/server/http/cookie.ts'
import type { Workshop } from '#measure.ts'
import { startBelfry } from '#programs/belfry-server.ts'
import { findChromium } from '#programs/find-program.ts'
import { LONG_ROOM, makeLongRoom } from '#programs/long-room.ts'
import { inWords } from '#scenarios.ts'
import { spread } from '#statistics.ts'
import type { Figure } from './figure.ts'
import { messagePainted, switchTo } from './in-page.ts'
import { PatientChromium } from './patient-chromium.ts'
import { type Scrolled, scrollBack } from './scroll-back.ts'

const FIRST_PAINT_MAX_MS = 1_000
const SWITCH_MAX_MS = 300
const FRAME_MAX_MS = 50
const SCROLLED_MESSAGES = 20_000

/** The page in Chromium, in a long room: how soon it is there, how it scrolls, and how one changes rooms. */
export async function page(runs: number, workshop: Workshop): Promise<Figure[]> {
  const executablePath = findChromium()
  if (!executablePath) {
    console.log('  The page is left out: there is no Chromium.')
    return []
  }
  const folder = join(workshop.root, 'page')
  workshop.people.copyTo(folder)
  workshop.progress(`A room with ${inWords(LONG_ROOM.messages)} messages is made`)
  await makeLongRoom(folder)
  try {
    await using chromium = await PatientChromium.launch(executablePath)
    await using server = await startBelfry({ folder, web: 'on' })
    const seen: Seen[] = []
    for (let run = 0; run < runs; run++) {
      workshop.progress(`The page in a long room: run ${run + 1} of ${runs}`)
      const to = { port: server.port, token: workshop.people.tokens[run]! }
      seen.push(await chromium.measure((browser) => look(browser, to)))
    }
    return figuresOf(seen)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

interface Seen {
  /** By a browser that keeps nothing but the cookie. */
  newcomerMs: number
  /** By one that was in another room before. */
  firstMs: number
  switchMs: number
  scrolled: Scrolled
}

function figuresOf(seen: Seen[]): Figure[] {
  const over = (pick: (one: Seen) => number) => spread(seen.map(pick))
  const ms = { unit: 'ms', part: 'page' } as const
  const heap = { unit: 'MiB', atMost: null, part: 'page' } as const
  const back = `Back through ${inWords(SCROLLED_MESSAGES)} messages`
  return [
    {
      ...ms,
      what: `A room of ${inWords(LONG_ROOM.messages)} messages is first seen`,
      spread: over((one) => one.firstMs),
      atMost: FIRST_PAINT_MAX_MS,
    },
    { ...ms, what: '… and the app with it, never seen before', spread: over((one) => one.newcomerMs), atMost: null },
    { ...ms, what: 'Another room is seen', spread: over((one) => one.switchMs), atMost: SWITCH_MAX_MS },
    { ...ms, what: `${back}: a frame, p50`, spread: over((one) => one.scrolled.frameMs.p50), atMost: FRAME_MAX_MS },
    { ...ms, what: `${back}: a frame, p99`, spread: over((one) => one.scrolled.frameMs.p99), atMost: FRAME_MAX_MS },
    { ...heap, what: `${back}: heap before`, spread: over((one) => one.scrolled.heapMib.before) },
    { ...heap, what: `${back}: heap after`, spread: over((one) => one.scrolled.heapMib.after) },
  ]
}

async function look(browser: Browser, to: { port: number; token: string }): Promise<Seen> {
  const url = `http://localhost:${to.port}`
  const address = `${url}/rooms/${LONG_ROOM.id}`
  const newcomerMs = await inNewBrowser(browser, { url, token: to.token }, (tab) => firstSeenMs(tab, address))
  return inNewBrowser(browser, { url, token: to.token }, async (tab) => {
    await visitAnother(tab, url)
    const firstMs = await firstSeenMs(tab, address)
    // What comes after the first view shall not count as something else.
    await tab.waitForLoadState('networkidle')
    const scrolled = await scrollBack(tab, SCROLLED_MESSAGES)
    return { newcomerMs, firstMs, scrolled, switchMs: await switchMs(tab) }
  })
}

async function inNewBrowser<T>(browser: Browser, as: { url: string; token: string }, act: (tab: Page) => Promise<T>): Promise<T> {
  const context = await browser.newContext({ locale: 'en-GB', viewport: { width: 1280, height: 800 } })
  try {
    const [name, value] = signInCookie(as.token, 'http').split(';')[0]!.split('=') as [string, string]
    await context.addCookies([{ name, value, url: as.url }])
    return await act(await context.newPage())
  } finally {
    await context.close()
  }
}

/** After it the browser knows the account and keeps the app, but nothing of the long room. */
async function visitAnother(tab: Page, url: string): Promise<void> {
  await tab.goto(`${url}/rooms/${GENERAL_ROOM}`)
  await tab.waitForFunction(() => navigator.serviceWorker.controller !== null)
  await tab.waitForLoadState('networkidle')
}

/** From the navigation until a message is painted. */
async function firstSeenMs(tab: Page, address: string): Promise<number> {
  await tab.goto(address, { waitUntil: 'commit' })
  return tab.evaluate(messagePainted)
}

/** From the click on its link until it is painted: into General, and back into the long room. */
async function switchMs(tab: Page): Promise<number> {
  const took: number[] = []
  for (const room of [GENERAL_ROOM, LONG_ROOM.id, GENERAL_ROOM, LONG_ROOM.id]) {
    await tab.waitForTimeout(300)
    took.push(await tab.evaluate(switchTo, `/rooms/${room}`))
  }
  return Math.max(...took)
}
