import type { Reply } from '@belfry/protocol/down.ts'
import type { RefusalBody } from '@belfry/protocol/refusals.ts'
import { ConnectionLost, RefusalError } from './errors.ts'
import type { World } from './world.ts'

/** A call that nobody answered for this long: the connection counts as lost. */
export const CALL_WITHIN_MS = 20_000
export const CALLS_WAITING_MAX = 256
/** Said as the server would say it: whoever can wait asks again. */
const TOO_MANY: RefusalBody = { code: 'busy', detail: 'Too many calls wait for their answers. Try again in a moment.' }

interface WaitingCall {
  resolve(result: unknown): void
  reject(error: Error): void
  stopTimer(): void
}

/** The calls of one connection that are not answered yet. */
export class Calls {
  #waiting = new Map<number, WaitingCall>()
  #lastId = 0
  readonly #world: World

  constructor(world: World) {
    this.#world = world
  }

  /** Sends what `send` makes of the call's number and waits for the reply. */
  ask(send: (id: number) => void, whenSilent: () => void): Promise<unknown> {
    if (this.#waiting.size >= CALLS_WAITING_MAX) return Promise.reject(new RefusalError(TOO_MANY))
    const id = ++this.#lastId
    return new Promise((resolve, reject) => {
      // What cannot be sent throws here, and is not waited for.
      send(id)
      this.#waiting.set(id, { resolve, reject, stopTimer: this.#world.after(CALL_WITHIN_MS, whenSilent) })
    })
  }

  take(reply: Reply): void {
    const call = this.#waiting.get(reply.id)
    if (!call) return
    this.#waiting.delete(reply.id)
    call.stopTimer()
    if (reply.refusal) call.reject(new RefusalError(reply.refusal as RefusalBody))
    else call.resolve(reply.result)
  }

  lose(): void {
    const lost = [...this.#waiting.values()]
    this.#waiting.clear()
    for (const call of lost) {
      call.stopTimer()
      call.reject(new ConnectionLost('The connection broke before the answer came.', { wasSent: true }))
    }
  }
}
