import { expect } from 'vitest'
import type { Person } from './person.ts'
import { PATIENCE, type Screen } from './screen.ts'

interface Held {
  data: string
  tell: () => void
}

declare global {
  /** What pages of whoever can hold frames have not been told yet; null: they are told all at once. */
  var heldFrames: Held[] | null
}

/** In pages that they open from now on, what the server says can be held back. */
export async function canHoldFrames({ context }: Person): Promise<void> {
  await context.addInitScript(() => {
    globalThis.heldFrames = null
    const { set } = Object.getOwnPropertyDescriptor(WebSocket.prototype, 'onmessage')!
    Object.defineProperty(WebSocket.prototype, 'onmessage', {
      set(listener: (event: MessageEvent<string>) => void) {
        set!.call(this, (event: MessageEvent<string>) => {
          if (globalThis.heldFrames) globalThis.heldFrames.push({ data: event.data, tell: () => listener(event) })
          else listener(event)
        })
      },
    })
  })
}

export async function holdsFrames({ page }: Screen): Promise<void> {
  await page.evaluate(() => void (globalThis.heldFrames = []))
}

/** All but answers is told. */
export async function holdsReplies({ page }: Screen): Promise<void> {
  await page.evaluate(() => {
    const held: Held[] = []
    const push = (frame: Held) =>
      frame.data.startsWith('{"t":"reply"') ? Array.prototype.push.call(held, frame) : (frame.tell(), held.length)
    globalThis.heldFrames = Object.assign(held, { push })
  })
}

/** The line breaks before any of it was told, and stands again. */
export async function losesHeld(screen: Screen): Promise<void> {
  screen.person.network.cut()
  await screen.page.evaluate(() => void (globalThis.heldFrames = null))
  await screen.isConnected(false)
  screen.person.network.restore()
  await screen.isConnected()
}

/** So many frames of this kind wait. */
export async function hasHeld({ page }: Screen, kind: 'reply' | 'change', count: number): Promise<void> {
  const held = () => page.evaluate((kind) => globalThis.heldFrames!.filter(({ data }) => data.startsWith(`{"t":"${kind}"`)).length, kind)
  await expect.poll(held, PATIENCE).toBeGreaterThanOrEqual(count)
}

/** All of them are told, those of this kind first, before anything is drawn or measured again. */
export async function isToldAtOnce({ page }: Screen, first: 'reply' | 'change'): Promise<void> {
  await page.evaluate(async (first) => {
    const held = globalThis.heldFrames!
    globalThis.heldFrames = null
    const isFirst = ({ data }: Held) => data.startsWith(`{"t":"${first}"`)
    await new Promise(requestAnimationFrame)
    for (const { tell } of [...held.filter(isFirst), ...held.filter((frame) => !isFirst(frame))]) {
      tell()
      // What becomes of it is rendered before the next is told, as it would be.
      for (let turns = 0; turns < 50; turns++) await Promise.resolve()
    }
  }, first)
}
