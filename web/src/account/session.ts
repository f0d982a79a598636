import { type Belfry, connect, ConnectionLost, type EndReason, forgetAccount, RefusalError } from '@belfry/client/belfry.ts'
import { type Observable, source } from '@belfry/client/observable.ts'
import { signOut, whoAmI } from '@belfry/client/sign-in.ts'
import type { User } from '@belfry/protocol/rows.ts'
import { GENERAL_ROOM } from '@belfry/protocol/topics.ts'
import { announceAccount, kept, onAccountElsewhere } from './kept.ts'

export type SessionState =
  | { is: 'asking' }
  /** It did not say who is signed in; null: it did not answer at all. */
  | { is: 'unreachable'; refusal: RefusalError | null }
  | { is: 'signed-out' }
  | { is: 'signed-in'; user: User; belfry: Belfry }
  /** It was signed in, and no longer is: ended at the server or in another tab, or another account took its place. */
  | { is: 'ended'; user: User; reason: 'signed-out' | 'replaced' }

type SignedIn = Extract<SessionState, { is: 'signed-in' }>

const ANSWERS_WITHIN_MS = 10_000
const ASK_AGAIN_AFTER_MS = 4_000

/** Who uses this page. One account at a time: its `Belfry` is closed before another one's begins. */
export class Session {
  readonly #state = source<SessionState>({ is: 'asking' })
  readonly #url: string
  /** Counts what was begun: the answer to an earlier question says nothing any more. */
  #attempt = 0
  #isLeaving = false

  constructor(url: string) {
    this.#url = url
    onAccountElsewhere((userId) => this.#changedElsewhere(userId))
    void this.ask()
  }

  get state(): Observable<SessionState> {
    return this.#state
  }

  /** Asks the server who is signed in. */
  async ask(): Promise<void> {
    const attempt = ++this.#attempt
    if (this.#state.get().is !== 'unreachable') this.#state.set({ is: 'asking' })
    try {
      const user = await inTime(whoAmI(this.#url))
      if (attempt === this.#attempt) this.#answered(user)
    } catch (error) {
      if (!(error instanceof ConnectionLost || error instanceof RefusalError)) throw error
      if (attempt === this.#attempt) this.#askAgainLater(error)
    }
  }

  /** The server has just said that this is who is signed in. */
  enter(user: User): void {
    this.#attempt += 1
    this.#closeOld()
    const belfry = connect({ url: this.#url, account: user.id, storage: kept, rooms: [GENERAL_ROOM] })
    const state = { is: 'signed-in', user, belfry } as const
    this.#state.set(state)
    announceAccount(user.id)
    belfry.connection.subscribe(() => this.#endWith(state))
  }

  /** Signs out and deletes what this browser keeps of the account. Rejects, with nothing lost, when that did not work. */
  async leave(): Promise<void> {
    const state = this.#state.get()
    if (state.is !== 'signed-in') return

    this.#isLeaving = true
    try {
      await inTime(signOut(this.#url))
    } catch (error) {
      // The answer may have been lost after the deed was done: then the connection has ended too.
      if (endOf(state) !== 'signed-out') throw error
    } finally {
      this.#isLeaving = false
      if (endOf(state) === 'replaced') this.#endWith(state)
    }
    if (this.#state.get() === state) this.#forget(state)
  }

  #answered(user: User | null): void {
    if (user) this.enter(user)
    else this.#state.set({ is: 'signed-out' })
  }

  #askAgainLater(error: ConnectionLost | RefusalError): void {
    this.#state.set({ is: 'unreachable', refusal: error instanceof RefusalError ? error : null })
    const attempt = this.#attempt
    setTimeout(() => attempt === this.#attempt && void this.ask(), ASK_AGAIN_AFTER_MS)
  }

  #forget({ belfry, user }: SignedIn): void {
    belfry.forget()
    forgetAccount(kept, user.id)
    this.#attempt += 1
    this.#state.set({ is: 'signed-out' })
    announceAccount(null)
  }

  #changedElsewhere(userId: string | null): void {
    const state = this.#state.get()
    if (state.is === 'signed-in' && userId !== state.user.id) this.#end(state, userId === null ? 'signed-out' : 'replaced')
    if (state.is === 'signed-out' && userId !== null) void this.ask()
  }

  #endWith(state: SignedIn): void {
    const reason = endOf(state)
    if (reason === 'signed-out' || reason === 'replaced') this.#end(state, reason)
  }

  #end(state: SignedIn, reason: 'signed-out' | 'replaced'): void {
    if (this.#isLeaving || this.#state.get() !== state) return
    state.belfry.close()
    this.#state.set({ is: 'ended', user: state.user, reason })
  }

  #closeOld(): void {
    const state = this.#state.get()
    if (state.is === 'signed-in') state.belfry.close()
  }
}

function endOf({ belfry }: SignedIn): EndReason | null {
  const connection = belfry.connection.get()
  return connection.is === 'ended' ? connection.reason : null
}

/** A network that swallows everything never says so. */
function inTime<T>(answer: Promise<T>): Promise<T> {
  const tooLate = new Promise<never>((_, reject) => {
    const signal = AbortSignal.timeout(ANSWERS_WITHIN_MS)
    signal.addEventListener('abort', () => reject(new ConnectionLost('The server did not answer in time.')))
  })
  return Promise.race([answer, tooLate])
}
