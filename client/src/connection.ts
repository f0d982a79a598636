import { CLOSE, mayComeBack } from '@belfry/protocol/close-codes.ts'
import type { DownFrame, Welcome } from '@belfry/protocol/down.ts'
import type { Hello, Position, UpFrame, UpSignal } from '@belfry/protocol/up.ts'
import { backoffMs } from './backoff.ts'
import { Calls } from './calls.ts'
import { ConnectionLost } from './errors.ts'
import { Line, type LineUser } from './line.ts'
import type { Observable } from './observable.ts'
import { source } from './observable.ts'
import { Timers } from './timers.ts'
import { WITHOUT_A_WORD } from './transport.ts'
import { type Way, Ways } from './ways.ts'
import type { World } from './world.ts'

/** `replaced`: another account has signed in on this browser. */
export type EndReason = 'signed-out' | 'replaced' | 'outdated' | 'protocol'

export type ConnectionState =
  | { is: 'connecting' }
  | { is: 'online'; by: Way }
  | { is: 'waiting'; retryAt: number; network: 'up' | 'down' }
  | { is: 'reconnecting' }
  | { is: 'ended'; reason: EndReason }

export const RECONNECT = { firstMs: 500, mostMs: 20_000 }
/** A connection that lasted this long was a good one: the next loss starts the backoff anew. */
export const STABLE_AFTER_MS = 5_000
/** A handshake that began so long ago may be one with a dead network. */
export const HANDSHAKE_OLD_AFTER_MS = 3_000
/** After sleep or a change of network a dead socket should be noticed sooner. */
export const PONG_WITHIN_MS_AFTER_WAKING = 5_000

/** Whom the connection tells. */
export interface ConnectionUser {
  /** Runs it once `hello` can say what it has to. */
  whenReady(run: () => void): void
  hello(): Hello
  /** Whether the welcome is meant for this account. */
  accepts(frame: Welcome): boolean
  /** `named`: what the hello that is answered here has named. */
  welcomed(frame: Welcome, named: readonly Position[]): void
  took(frame: DownFrame): void
  lost(): void
}

/** One lasting connection over many sockets or streams: calls and replies, which way to take, and coming back. */
export class Connection {
  readonly #world: World
  readonly #url: string
  readonly #user: ConnectionUser
  readonly #state = source<ConnectionState>({ is: 'connecting' })
  readonly #calls: Calls
  readonly #ways: Ways
  readonly #timers: Timers<'retry' | 'stable' | 'socket'>
  readonly #stopListening: () => void
  /** The one in use, or on its way to be. */
  #line: Line | null = null
  /** A socket that is tried while the stream is in use. */
  #trial: Line | null = null
  #attempt = 0
  #drainWithinMs: number | null = null
  #closed = false

  constructor(world: World, url: string, user: ConnectionUser) {
    this.#world = world
    this.#url = url
    this.#user = user
    this.#calls = new Calls(world)
    this.#ways = new Ways({ hasStreams: world.fetch !== null })
    this.#timers = new Timers(world)
    this.#stopListening = world.onWake(() => this.#woke())
  }

  get state(): Observable<ConnectionState> {
    return this.#state
  }

  get isOnline(): boolean {
    return this.#line !== null && this.#state.get().is === 'online'
  }

  open(): void {
    if (this.#closed) return
    this.#timers.stop('retry')
    this.#line = this.#newLine(this.#ways.first(this.#world.now()))
  }

  call(name: string, input: unknown): Promise<unknown> {
    return this.#ask((id) => ({ t: 'call', id, name, input }))
  }

  follow(topic: string, position: { epoch: string; seq: number } | null): Promise<unknown> {
    return this.#ask((id) => ({ t: 'follow', id, topic, ...position }))
  }

  unfollow(topic: string): void {
    if (this.isOnline) this.#line?.send({ t: 'unfollow', topic })
  }

  /** Answers whether it could be said: over a stream there is no way, and nothing waits for one. */
  signal(signal: UpSignal): boolean {
    if (!this.isOnline || this.#line?.by !== 'socket') return false
    this.#line.send(signal)
    return true
  }

  retryNow(): void {
    if (this.#state.get().is === 'waiting') this.#reopen()
  }

  /** Nothing is retried after this. */
  end(reason: EndReason): void {
    if (this.#closed) return
    this.close()
    this.#state.set({ is: 'ended', reason })
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#stopListening()
    this.#letGo()
  }

  #ask(frame: (id: number) => UpFrame): Promise<unknown> {
    if (!this.isOnline) return Promise.reject(new ConnectionLost())
    return this.#calls.ask(
      (id) => this.#line?.send(frame(id)),
      () => this.#lose(null),
    )
  }

  #newLine(by: Way, { isBeside } = { isBeside: false }): Line {
    const user: LineUser = {
      whenReady: (run) => this.#user.whenReady(run),
      hello: () => this.#user.hello(),
      welcomed: (line, frame) => this.#welcomed(line, frame),
      took: (frame) => this.#took(frame),
      lost: (line, code) => this.#lost(line, code),
    }
    return new Line(this.#world, { url: this.#url, by, welcomeWithinMs: this.#ways.patienceMs(by, { isBeside }) }, user)
  }

  #took(frame: DownFrame): void {
    if (frame.t === 'reply') this.#calls.take(frame)
    else if (frame.t === 'drain') this.#drainWithinMs = frame.withinMs
    else this.#user.took(frame)
  }

  #welcomed(line: Line, frame: Welcome): void {
    if (!this.#user.accepts(frame)) return this.end('replaced')
    if (line === this.#trial) this.#changeToTrial(line)
    this.#ways.welcomed(line.by)
    this.#timers.start('stable', STABLE_AFTER_MS, () => (this.#attempt = 0))
    if (line.by === 'stream') this.#trySocketLater()
    this.#state.set({ is: 'online', by: line.by })
    this.#user.welcomed(frame, line.named)
  }

  #trySocketLater(): void {
    this.#timers.start('socket', this.#ways.socketDueInMs(this.#world.now()), () => this.#trySocket())
  }

  /** Beside the stream, which goes on meanwhile. */
  #trySocket(): void {
    this.#trial ??= this.#newLine('socket', { isBeside: true })
  }

  #changeToTrial(line: Line): void {
    this.#trial = null
    this.#letGo()
    this.#line = line
  }

  #lost(line: Line, code: number | null): void {
    if (line === this.#line) return this.#lose(code)
    this.#trial = null
    this.#ways.failed(line.by, { isSilent: code === null, isBeside: true, now: this.#world.now() })
    this.#trySocketLater()
  }

  /** `code`: the close code, or null when it fell silent. */
  #lose(code: number | null): void {
    const line = this.#line
    const wasWelcomed = this.isOnline
    this.#letGo()
    if (this.#closed) return
    if (code !== null && !mayComeBack(code)) return this.end(reasonOf(code))
    const other = line && !wasWelcomed ? this.#wayInsteadOf(line, code) : null
    if (other) this.#line = this.#newLine(other)
    else this.#comeBackLater()
  }

  /** What to try at once where this one got no welcome. A server that says why it closes was reached. */
  #wayInsteadOf({ by }: Line, code: number | null): Way | null {
    if (code !== null && code > WITHOUT_A_WORD) return null
    return this.#ways.failed(by, { isSilent: code === null, isBeside: false, now: this.#world.now() })
  }

  #comeBackLater(): void {
    const delayMs = this.#nextDelayMs()
    this.#state.set({ is: 'waiting', retryAt: this.#world.now() + delayMs, network: this.#network() })
    this.#timers.start('retry', delayMs, () => this.#reopen())
  }

  #nextDelayMs(): number {
    const drainWithinMs = this.#drainWithinMs
    this.#drainWithinMs = null
    if (drainWithinMs !== null) return Math.floor(this.#world.random() * drainWithinMs)
    return backoffMs(RECONNECT, this.#attempt++, () => this.#world.random())
  }

  #reopen(): void {
    this.#state.set({ is: 'reconnecting' })
    this.open()
  }

  #woke(): void {
    const state = this.#state.get()
    if (!this.#world.isNetworkUp()) this.#ways.forget()
    if (state.is === 'online') return this.#lookAround()
    if (this.#world.isNetworkUp()) return this.#startOver()
    if (state.is === 'waiting') this.#state.set({ ...state, network: 'down' })
  }

  /** Whether the line lives, and whether it might be a better one now. */
  #lookAround(): void {
    this.#line?.ping(PONG_WITHIN_MS_AFTER_WAKING)
    if (this.#line?.by === 'stream' && this.#world.isNetworkUp()) this.#trySocketLater()
  }

  /** An attempt that began on a dead network may hang for long: a new one is begun, but no young one is thrown away. */
  #startOver(): void {
    if (this.#line && this.#world.now() - this.#line.openedAt < HANDSHAKE_OLD_AFTER_MS) return
    this.#letGo()
    if (this.#state.get().is === 'connecting') this.open()
    else this.#reopen()
  }

  #network(): 'up' | 'down' {
    return this.#world.isNetworkUp() ? 'up' : 'down'
  }

  #letGo(): void {
    this.#timers.stopAll()
    this.#trial?.close()
    this.#trial = null
    const line = this.#line
    this.#line = null
    if (!line) return
    line.close()
    this.#user.lost()
    this.#calls.lose()
  }
}

function reasonOf(code: number): EndReason {
  if (code === CLOSE['session-ended'] || code === CLOSE.unauthenticated) return 'signed-out'
  return code === CLOSE.version ? 'outdated' : 'protocol'
}
