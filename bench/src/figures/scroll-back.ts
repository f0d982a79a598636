import type { CDPSession, Page } from 'playwright-core'
import { percentile } from '#statistics.ts'
import { noteFrames, topNumber } from './in-page.ts'

/** A turn of the wheel, as fast as a hand can turn it on and on. */
const WHEEL_PX = 600
const WHEEL_EVERY_MS = 16
const TURNS_BETWEEN_LOOKS = 25
const WITHIN_MS = 240_000
const MIB = 1024 * 1024

export interface Scrolled {
  frameMs: { p50: number; p99: number }
  /** After garbage was collected. */
  heapMib: { before: number; after: number }
}

/** Turns the wheel until so many messages have gone by. */
export async function scrollBack(tab: Page, messages: number): Promise<Scrolled> {
  const devtools = await tab.context().newCDPSession(tab)
  const before = await heapMib(devtools)
  await tab.locator('[role=log]').hover()
  await tab.evaluate(noteFrames)
  const until = (await tab.evaluate(topNumber)) - messages
  const deadline = performance.now() + WITHIN_MS
  while ((await tab.evaluate(topNumber)) > until) {
    if (performance.now() > deadline) throw new Error('The page scrolled too slowly.')
    for (let turn = 0; turn < TURNS_BETWEEN_LOOKS; turn++) {
      await tab.mouse.wheel(0, -WHEEL_PX)
      await tab.waitForTimeout(WHEEL_EVERY_MS)
    }
  }
  const frames: number[] = await tab.evaluate('takeFrames()')
  const sorted = frames.toSorted((a, b) => a - b)
  return { frameMs: { p50: percentile(sorted, 0.5), p99: percentile(sorted, 0.99) }, heapMib: { before, after: await heapMib(devtools) } }
}

async function heapMib(devtools: CDPSession): Promise<number> {
  await devtools.send('HeapProfiler.collectGarbage')
  const { usedSize } = await devtools.send('Runtime.getHeapUsage')
  return usedSize / MIB
}
