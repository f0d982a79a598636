import type { DownFrame } from '@belfry/protocol/down.ts'
import type { World } from './world.ts'

/** Who comes to a guest's rooms comes together with others. */
export const MEET_AFTER_MS = 300
/** All whom one knows are asked for so often at most: each time may be many calls. */
export const MEET_ALL_EVERY_MS = 10_000

/** Whom somebody meets: those who come to their rooms, or leave them; where they come to a room themselves it may be anybody. */
type Met = readonly string[] | 'anybody'

/** A guest is not told what changes of people of whom they know nothing: whoever they meet may be called something else by now. */
export class Meetings {
  readonly #world: World
  readonly #ask: (whom: Met) => void
  readonly #met = new Set<string>()
  #isToAsk = false
  #isToAskAll = false
  #askedAllAt = -Infinity

  constructor(world: World, ask: (whom: Met) => void) {
    this.#world = world
    this.#ask = ask
  }

  heard(frame: DownFrame, ownId: string): void {
    const met = metIn(frame, ownId)
    if (met === 'anybody') this.#metAnybody()
    else if (met.length > 0) this.#metThese(met)
  }

  #metThese(ids: readonly string[]): void {
    for (const id of ids) this.#met.add(id)
    if (this.#isToAsk) return
    this.#isToAsk = true
    this.#world.after(MEET_AFTER_MS, () => {
      const met = [...this.#met]
      this.#met.clear()
      this.#isToAsk = false
      this.#ask(met)
    })
  }

  #metAnybody(): void {
    if (this.#isToAskAll) return
    this.#isToAskAll = true
    const inMs = Math.max(MEET_AFTER_MS, this.#askedAllAt + MEET_ALL_EVERY_MS - this.#world.now())
    this.#world.after(inMs, () => {
      this.#askedAllAt = this.#world.now()
      this.#isToAskAll = false
      this.#ask('anybody')
    })
  }
}

function metIn(frame: DownFrame, ownId: string): Met {
  // Of those who have left a room nobody tells, and their names stand at what they wrote there.
  if (frame.t === 'snapshot') return frame.topic.startsWith('room:') ? 'anybody' : []
  if (frame.t !== 'bump' && frame.t !== 'change') return []
  const isUnknown = frame.t === 'bump' && (frame.prev === frame.seq || frame.messages === null)
  const { member = [] } = frame.rows
  const comesThemselves = member.some(({ id, endedAt }) => id === ownId && endedAt === null)
  // Who has come and gone meanwhile has written something.
  return isUnknown || comesThemselves ? 'anybody' : member.map(({ id }) => id).filter((id) => id !== ownId)
}
