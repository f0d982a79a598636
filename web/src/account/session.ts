import {
  type Belfry,
  connect,
  ConnectionLost,
  type EndReason,
  forgetRowsOfOthers,
  keepInBrowser,
  RefusalError,
} from '@belfry/client/belfry.ts'
import { type Observable, source } from '@belfry/client/observable.ts'
import { signOut, whoAmI } from '@belfry/client/sign-in.ts'
import type { User } from '@belfry/protocol/rows.ts'
import { GENERAL_ROOM } from '@belfry/protocol/topics.ts'
import { forgetTexts, forgetUser, lastUser, leftUntold, onAccountElsewhere, rememberUser, tellNobody } from './kept.ts'
import { postAgain } from './posts.ts'

export type SessionState =
  | { is: 'asking' }
  /** It did not say who is signed in; null: it did not answer at all. */
  | { is: 'unreachable'; refusal: RefusalError | null }
  | { is: 'signed-out' }
  | { is: 'signed-in'; user: User; belfry: Belfry }
  /** It was signed in, and no longer is: ended at the server or in another tab, or another account took its place. */
  | { is: 'ended'; user: User; reason: 'signed-out' | 'replaced' }

const ANSWERS_WITHIN_MS = 10_000
const ASK_AGAIN_AFTER_MS = 4_000
const FORGETS_WITHIN_MS = 3_000

/** Who uses this page. One account at a time: its `Belfry` is closed before another one's begins. */
export class Session {
  readonly #state = source<SessionState>({ is: 'asking' })
  readonly #url: string
  /** Counts what was begun: the answer to an earlier question says nothing any more. */
  #attempt = 0
  #isLeaving = false
  /** Whether the server has said that the account is signed in; until then only this browser has. */
  #isConfirmed = false
  #settling: Promise<void> | null = null

  constructor(url: string) {
    this.#url = url
    onAccountElsewhere((userId) => this.#changedElsewhere(userId))
    this.#begin()
  }

  get state(): Observable<SessionState> {
    return this.#state
  }

  /** Asks the server who is signed in. */
  async ask(): Promise<void> {
    const attempt = ++this.#attempt
    if (this.#state.get().is !== 'unreachable') this.#state.set({ is: 'asking' })
    try {
      if (leftUntold.is()) await this.settled()
      const user = await inTime(whoAmI(this.#url))
      if (attempt === this.#attempt) this.#answered(user)
    } catch (error) {
      if (!(error instanceof ConnectionLost || error instanceof RefusalError)) throw error
      if (attempt === this.#attempt) this.#askAgainLater(error)
    }
  }

  /** The server has just said that this is who is signed in. */
  enter(user: User): void {
    leftUntold.forget()
    this.#open(user)
    this.#isConfirmed = true
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
      if (endOf(state.belfry) !== 'signed-out') throw error
    } finally {
      this.#isLeaving = false
      if (endOf(state.belfry) === 'replaced') this.#endWith(state.belfry)
    }
    if (this.#uses(state.belfry)) await this.#forget(state.belfry, state.user)
  }

  /** Does so without the server, which is told as soon as it can be reached: nobody else gets in meanwhile. */
  async leaveUntold(): Promise<void> {
    const state = this.#state.get()
    if (state.is !== 'signed-in') return
    leftUntold.remember()
    await this.#forget(state.belfry, state.user)
    this.#askAgain()
  }

  /** Resolves once the server knows of whoever left; rejects while it cannot be told. */
  settled(): Promise<void> {
    if (!leftUntold.is()) return Promise.resolve()
    const settling = this.#settling ?? inTime(signOut(this.#url)).then(leftUntold.forget)
    this.#settling = settling.finally(() => (this.#settling = null))
    return this.#settling
  }

  /** Whoever was signed in here last goes on with what this browser keeps; the connection finds out whether they still may. */
  #begin(): void {
    const user = leftUntold.is() ? null : lastUser()
    if (user) this.#open(user)
    else void this.ask()
  }

  #open(user: User): void {
    this.#attempt += 1
    this.#isConfirmed = false
    this.#closeOld()
    const belfry = connect({ url: this.#url, account: user.id, keep: keepInBrowser, rooms: [GENERAL_ROOM] })
    this.#state.set({ is: 'signed-in', user, belfry })
    rememberUser(user)
    postAgain({ user, belfry })
    forgetRows({ but: user.id })
    belfry.connection.subscribe(() => this.#connectionChanged(belfry))
    belfry.me.subscribe(() => this.#tookMe(belfry))
  }

  #answered(user: User | null): void {
    if (user) return this.enter(user)
    this.#state.set({ is: 'signed-out' })
    forgetRows({ but: null })
  }

  #askAgainLater(error: ConnectionLost | RefusalError): void {
    this.#state.set({ is: 'unreachable', refusal: error instanceof RefusalError ? error : null })
    this.#askAgain()
  }

  #askAgain(): void {
    const attempt = this.#attempt
    setTimeout(() => attempt === this.#attempt && void this.ask(), ASK_AGAIN_AFTER_MS)
  }

  /** A page that goes before all is deleted would leave something behind: so it is waited for, though not for ever. */
  async #forget(belfry: Belfry, user: User): Promise<void> {
    this.#isLeaving = true
    const forgotten = belfry.forget().catch(() => undefined)
    await Promise.race([forgotten, new Promise((resolve) => setTimeout(resolve, FORGETS_WITHIN_MS))])
    this.#isLeaving = false
    this.#attempt += 1
    forgetTexts(user.id)
    tellNobody(user.id)
    this.#state.set({ is: 'signed-out' })
  }

  #changedElsewhere(userId: string | null): void {
    const state = this.#state.get()
    if (state.is === 'signed-in' && userId !== state.user.id) this.#end(state.belfry, userId === null ? 'signed-out' : 'replaced')
    if (state.is === 'signed-out' && userId !== null) void this.ask()
  }

  #connectionChanged(belfry: Belfry): void {
    if (belfry.connection.get().is === 'online') this.#isConfirmed = true
    this.#endWith(belfry)
  }

  #endWith(belfry: Belfry): void {
    const reason = endOf(belfry)
    if (reason === 'signed-out' || reason === 'replaced') this.#end(belfry, reason)
  }

  /** Nothing of theirs is shown or held any more. Who was only taken to be signed in is shown the way in. */
  #end(belfry: Belfry, reason: 'signed-out' | 'replaced'): void {
    const state = this.#state.get()
    if (this.#isLeaving || state.is !== 'signed-in' || state.belfry !== belfry) return
    belfry.close()
    forgetUser(state.user.id)
    if (reason === 'signed-out') tellNobody(state.user.id)
    forgetRows({ but: lastUser()?.id ?? null })
    if (this.#isConfirmed) this.#state.set({ is: 'ended', user: state.user, reason })
    else void this.ask()
  }

  /** One's own name or role is another now. */
  #tookMe(belfry: Belfry): void {
    const [state, user] = [this.#state.get(), belfry.me.get()]
    if (!user || state.is !== 'signed-in' || !this.#uses(belfry) || JSON.stringify(user) === JSON.stringify(state.user)) return
    rememberUser(user)
    this.#state.set({ ...state, user })
  }

  #uses(belfry: Belfry): boolean {
    const state = this.#state.get()
    return state.is === 'signed-in' && state.belfry === belfry
  }

  #closeOld(): void {
    const state = this.#state.get()
    if (state.is === 'signed-in') state.belfry.close()
  }
}

function endOf({ connection }: Belfry): EndReason | null {
  const state = connection.get()
  return state.is === 'ended' ? state.reason : null
}

/** Where a browser keeps nothing there is nothing to delete. */
function forgetRows({ but }: { but: string | null }): void {
  forgetRowsOfOthers(but).catch(() => undefined)
}

/** A network that swallows everything never says so. */
function inTime<T>(answer: Promise<T>): Promise<T> {
  const tooLate = new Promise<never>((_, reject) => {
    const signal = AbortSignal.timeout(ANSWERS_WITHIN_MS)
    signal.addEventListener('abort', () => reject(new ConnectionLost('The server did not answer in time.')))
  })
  return Promise.race([answer, tooLate])
}
