import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { BrowserContextOptions } from 'playwright-core'
import { launchBrowser } from './browser.ts'
import type { Screen } from './screen.ts'
import { ROOT } from './server.ts'
import { type Said, storeNotification } from './stored.ts'
import { World } from './world.ts'

/** Makes the pictures of the documentation anew: `node test/journeys/screenshots.ts`. Look at them before they are committed. */

const IMAGES = join(ROOT, 'docs', 'images')
const DESK = { viewport: { width: 1160, height: 800 }, deviceScaleFactor: 2 }
const PHONE = { viewport: { width: 390, height: 800 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true }

const YESTERDAY = [
  ['16:02', 'bob', 'The new search is on staging: https://staging.example.com/search'],
  ['16:03', 'bob', 'Try it with a typo in the name, that was the bug.'],
  ['16:20', 'carol', '“chekcout” finds checkout now. Nice work!'],
  ['16:24', 'alice', 'Then let us ship it tomorrow morning. I will watch the error rate.'],
] as const

const TODAY = [
  ['09:04', 'alice', 'Good morning! Deploying in ten minutes.'],
  ['09:06', 'prachi', 'The checkout tests are red on my branch: https://ci.example.com/1482'],
  ['09:07', 'prachi', 'Nothing to do with search, as far as I can see.'],
  ['09:11', 'aman', 'That is the payment sandbox again. It has answered 503 since 8:45; I have written to them.'],
  ['09:12', 'prachi', 'Ah, thank you. Then I will not dig.'],
  ['09:19', 'bob', 'Search is live. 40 ms at p99, it was 310.'],
  ['09:20', 'carol', 'Oh, one can feel it. Thank you!'],
  ['09:31', 'aman', 'The sandbox is back, and checkout is green.'],
  ['09:38', 'alice', 'Lovely. I am writing the release notes now:\ntell me if you want something in there.'],
] as const

const RUNG = [
  [
    '08:50',
    {
      title: 'Build 1482 failed',
      body: '3 tests in checkout: payment sandbox answered 503',
      category: 'ci',
      url: 'https://ci.example.com/1482',
    },
  ],
  ['09:16', { title: 'Deploy finished', body: 'search-2.4.0 is live on all nodes', category: 'deploy' }],
  ['09:35', { title: 'Invoice 2210 waits for your approval', body: 'Office chairs, 4 pieces', category: 'accounting', priority: 'high' }],
] as const

const today = new Date().setHours(0, 0, 0, 0)
const yesterday = new Date(today - 1).setHours(0, 0, 0, 0)
const now = at(today, '09:41')

mkdirSync(IMAGES, { recursive: true })
const browser = await launchBrowser()
const world = await World.open(browser)
try {
  await world.history([...said(yesterday, YESTERDAY), ...said(today, TODAY)])
  for (const [time, rung] of RUNG) await storeNotification(world.folder, { to: 'alice', ...rung }, at(today, time))
  await takesAll()
} finally {
  await world[Symbol.asyncDispose]()
  await browser.close()
}

async function takesAll(): Promise<void> {
  await takes('room-light', await looks('/chat', { ...DESK, colorScheme: 'light' }))
  await takes('room-dark', await looks('/chat', { ...DESK, colorScheme: 'dark' }))
  await takes('room-phone', await looks('/chat', { ...PHONE, colorScheme: 'light' }))
  const inbox = await looks('/chat', { ...DESK, colorScheme: 'dark' })
  await inbox.opensInbox()
  await inbox.item('Deploy finished').waitFor()
  await takes('inbox-dark', inbox)
}

async function looks(path: string, options: BrowserContextOptions): Promise<Screen> {
  const alice = await world.person('alice', { locale: 'en-GB', ...options })
  await alice.context.clock.setFixedTime(now)
  const screen = await alice.opens(path)
  await screen.sees('release notes', 'The sandbox is back')
  await screen.page.getByText('…', { exact: true }).waitFor({ state: 'detached' })
  await screen.page.evaluate(() => document.fonts.ready)
  return screen
}

async function takes(name: string, screen: Screen): Promise<void> {
  await screen.page.screenshot({ path: join(IMAGES, `${name}.png`) })
  console.log(`docs/images/${name}.png`)
}

function said(day: number, lines: readonly (readonly [string, string, string])[]): Said[] {
  return lines.map(([time, by, body]) => ({ by, body, at: at(day, time) }))
}

function at(day: number, time: string): number {
  const [hours, minutes] = time.split(':').map(Number)
  return new Date(day).setHours(hours ?? 0, minutes)
}
