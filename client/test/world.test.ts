import { afterEach, expect, test, vi } from 'vitest'
import type { World } from '#world.ts'
import { worldWith } from '#world.ts'

afterEach(() => vi.unstubAllGlobals())

function browserWorld(globals: object = {}): World {
  vi.stubGlobal('document', {})
  for (const [name, value] of Object.entries(globals)) vi.stubGlobal(name, value)
  return worldWith()
}

test('outside a browser, and where the browser withholds locks, tabs have no way to agree', () => {
  expect(worldWith().hold).toBeNull()
  expect(browserWorld({ navigator: {} }).hold).toBeNull()
})

test('[W8] a name is held by one at a time: the next holds it when the first lets go', async () => {
  const hold = browserWorld().hold!
  const held: string[] = []
  const letGo = hold('belfry:test', () => held.push('a'))
  await vi.waitUntil(() => held.length > 0)
  const giveUp = hold('belfry:test', () => held.push('b'))
  const letGoLast = hold('belfry:test', () => held.push('c'))
  giveUp()
  expect(held).toEqual(['a'])
  letGo()
  await vi.waitUntil(() => held.length > 1)
  expect(held).toEqual(['a', 'c'])
  letGoLast()
})

test('where locks are forbidden, every tab sends its own', async () => {
  const request = () => Promise.reject(new DOMException('Not here.', 'SecurityError'))
  const hold = browserWorld({ navigator: { locks: { request } } }).hold!
  await new Promise<void>((resolve) => hold('belfry:test', resolve))
})

test('a page that goes out of sight, or away, is told until one stops listening', () => {
  const target = new EventTarget()
  const page = Object.assign(new EventTarget(), { visibilityState: 'visible' })
  const world = browserWorld({ addEventListener: target.addEventListener.bind(target), document: page })
  let hidden = 0
  const stop = world.onHide(() => (hidden += 1))
  page.dispatchEvent(new Event('visibilitychange'))
  expect(hidden).toBe(0)
  page.visibilityState = 'hidden'
  page.dispatchEvent(new Event('visibilitychange'))
  target.dispatchEvent(new Event('pagehide'))
  expect(hidden).toBe(2)
  stop()
  target.dispatchEvent(new Event('pagehide'))
  expect(hidden).toBe(2)
})
