import { type Belfry, connect } from '@belfry/client/belfry.ts'
import { type Observable, source } from '@belfry/client/observable.ts'
import { signOut, whoAmI } from '@belfry/client/sign-in.ts'
import type { User } from '@belfry/protocol/rows.ts'
import { GENERAL_ROOM } from '@belfry/protocol/topics.ts'
import { announceAccount, forgetKept, kept, onAccountElsewhere } from './kept.ts'

export type SessionState =
  | { is: 'asking' }
  | { is: 'unreachable' }
  | { is: 'signed-out' }
  | { is: 'signed-in'; user: User; belfry: Belfry }
  /** It was signed in, and no longer is: ended at the server or in another tab, or another account took its place. */
  | { is: 'ended'; user: User; reason: 'signed-out' | 'replaced' }

const ASK_AGAIN_AFTER_MS = 4_000

/** Who uses this page. One account at a time: its `Belfry` is closed before another one's begins. */
export class Session {
  readonly #state = source<SessionState>({ is: 'asking' })
  readonly #url: string
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
    if (this.#state.get().is !== 'unreachable') this.#state.set({ is: 'asking' })
    try {
      const user = await whoAmI(this.#url)
      if (user) this.enter(user)
      else this.#state.set({ is: 'signed-out' })
    } catch {
      this.#state.set({ is: 'unreachable' })
      setTimeout(() => this.#state.get().is === 'unreachable' && void this.ask(), ASK_AGAIN_AFTER_MS)
    }
  }

  /** The server has just said that this is who is signed in. */
  enter(user: User): void {
    this.#closeOld()
    const belfry = connect({ url: this.#url, account: user.id, storage: kept, rooms: [GENERAL_ROOM] })
    this.#state.set({ is: 'signed-in', user, belfry })
    announceAccount(user.id)
    belfry.connection.subscribe(() => {
      const connection = belfry.connection.get()
      if (connection.is === 'ended' && connection.reason === 'signed-out') this.#end(belfry, 'signed-out')
    })
    belfry.me.subscribe(() => {
      if ((belfry.me.get()?.id ?? user.id) !== user.id) this.#end(belfry, 'replaced')
    })
  }

  /** Signs out and deletes what this browser keeps of the account. Rejects, with nothing lost, when the server was not reached. */
  async leave(): Promise<void> {
    const state = this.#state.get()
    if (state.is !== 'signed-in') return

    this.#isLeaving = true
    try {
      await signOut(this.#url)
    } finally {
      this.#isLeaving = false
    }
    state.belfry.forget()
    forgetKept(state.user.id)
    this.#state.set({ is: 'signed-out' })
    announceAccount(null)
  }

  #changedElsewhere(userId: string | null): void {
    const state = this.#state.get()
    if (state.is === 'signed-in' && userId !== state.user.id) this.#end(state.belfry, userId === null ? 'signed-out' : 'replaced')
    if (state.is === 'signed-out' && userId !== null) void this.ask()
  }

  #end(belfry: Belfry, reason: 'signed-out' | 'replaced'): void {
    const state = this.#state.get()
    if (this.#isLeaving || state.is !== 'signed-in' || state.belfry !== belfry) return

    belfry.close()
    this.#state.set({ is: 'ended', user: state.user, reason })
  }

  #closeOld(): void {
    const state = this.#state.get()
    if (state.is === 'signed-in') state.belfry.close()
  }
}
