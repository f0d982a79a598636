import { CLOSE, mayComeBack } from '@belfry/protocol/close-codes.ts'
import type { DownFrame, Welcome } from '@belfry/protocol/down.ts'
import type { Hello, UpFrame } from '@belfry/protocol/up.ts'
import { backoffMs } from './backoff.ts'
import { Calls } from './calls.ts'
import { ConnectionLost } from './errors.ts'
import type { Observable } from './observable.ts'
import { source } from './observable.ts'
import type { Socket, World } from './world.ts'

/** `replaced`: another account has signed in on this browser. */
export type EndReason = 'signed-out' | 'replaced' | 'outdated' | 'protocol'

export type ConnectionState =
  | { is: 'connecting' }
  | { is: 'online' }
  | { is: 'waiting'; retryAt: number; network: 'up' | 'down' }
  | { is: 'reconnecting' }
  | { is: 'ended'; reason: EndReason }

export const RECONNECT = { firstMs: 500, mostMs: 20_000 }
/** A connection that lasted this long was a good one: the next loss starts the backoff anew. */
export const STABLE_AFTER_MS = 30_000
export const WELCOME_WITHIN_MS = 20_000
/** A handshake that began so long ago may be one with a dead network. */
export const HANDSHAKE_OLD_AFTER_MS = 3_000
export const PONG_WITHIN_MS = 20_000
/** After sleep or a change of network a dead socket should be noticed sooner. */
export const PONG_WITHIN_MS_AFTER_WAKING = 5_000

/** Whom the connection tells. */
export interface ConnectionUser {
  hello(): Hello
  /** Whether the welcome is meant for this account. */
  accepts(frame: Welcome): boolean
  welcomed(frame: Welcome): void
  took(frame: DownFrame): void
  lost(): void
}

type Timer = 'retry' | 'welcome' | 'ping' | 'pong' | 'stable'

/** One lasting connection over many sockets: hello → welcome, calls and replies, pings, and coming back. */
export class Connection {
  readonly #world: World
  readonly #url: string
  readonly #user: ConnectionUser
  readonly #state = source<ConnectionState>({ is: 'connecting' })
  readonly #calls: Calls
  readonly #timers = new Map<Timer, () => void>()
  readonly #stopListening: () => void
  #socket: Socket | null = null
  #openedAt = 0
  #attempt = 0
  #drainWithinMs: number | null = null
  #closed = false

  constructor(world: World, url: string, user: ConnectionUser) {
    this.#world = world
    this.#url = url
    this.#user = user
    this.#calls = new Calls(world)
    this.#stopListening = world.onWake(() => this.#woke())
  }

  get state(): Observable<ConnectionState> {
    return this.#state
  }

  get isOnline(): boolean {
    return this.#socket !== null && this.#state.get().is === 'online'
  }

  open(): void {
    if (this.#closed) return
    this.#stop('retry')
    const socket = new this.#world.WebSocket(this.#url)
    this.#socket = socket
    this.#openedAt = this.#world.now()
    socket.onopen = () => this.#send(this.#user.hello())
    socket.onmessage = (event) => this.#receive(String(event.data))
    socket.onclose = (event) => this.#lose(event.code)
    this.#start('welcome', WELCOME_WITHIN_MS, () => this.#lose(null))
  }

  call(name: string, input: unknown): Promise<unknown> {
    return this.#ask((id) => ({ t: 'call', id, name, input }))
  }

  follow(topic: string, position: { epoch: string; seq: number } | null): Promise<unknown> {
    return this.#ask((id) => ({ t: 'follow', id, topic, ...position }))
  }

  unfollow(topic: string): void {
    if (this.isOnline) this.#send({ t: 'unfollow', topic })
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
      (id) => this.#send(frame(id)),
      () => this.#lose(null),
    )
  }

  #send(frame: UpFrame): void {
    this.#socket?.send(JSON.stringify(frame))
  }

  #receive(text: string): void {
    const frame = JSON.parse(text) as DownFrame
    this.#stop('pong')
    switch (frame.t) {
      case 'welcome':
        return this.#welcome(frame)
      case 'reply':
        return this.#calls.take(frame)
      case 'drain':
        this.#drainWithinMs = frame.withinMs
        return
      default:
        return this.#user.took(frame)
    }
  }

  #welcome(frame: Welcome): void {
    if (!this.#user.accepts(frame)) return this.end('replaced')
    this.#stop('welcome')
    this.#start('stable', STABLE_AFTER_MS, () => (this.#attempt = 0))
    this.#pingEvery(frame.limits.pingEveryMs)
    this.#state.set({ is: 'online' })
    this.#user.welcomed(frame)
  }

  #pingEvery(ms: number): void {
    this.#start('ping', ms, () => {
      this.#ping(PONG_WITHIN_MS)
      this.#pingEvery(ms)
    })
  }

  #ping(withinMs: number): void {
    this.#start('pong', withinMs, () => this.#lose(null))
    this.#send({ t: 'ping' })
  }

  /** `code`: the close code, or null when the socket fell silent. */
  #lose(code: number | null): void {
    this.#letGo()
    if (this.#closed) return
    if (code !== null && !mayComeBack(code)) return this.end(reasonOf(code))
    const delayMs = this.#nextDelayMs()
    this.#state.set({ is: 'waiting', retryAt: this.#world.now() + delayMs, network: this.#network() })
    this.#start('retry', delayMs, () => this.#reopen())
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
    if (state.is === 'online') return this.#ping(PONG_WITHIN_MS_AFTER_WAKING)
    if (this.#world.isNetworkUp()) return this.#startOver()
    if (state.is === 'waiting') this.#state.set({ ...state, network: 'down' })
  }

  /** An attempt that began on a dead network may hang for long: a new one is begun, but no young one is thrown away. */
  #startOver(): void {
    if (this.#socket && this.#world.now() - this.#openedAt < HANDSHAKE_OLD_AFTER_MS) return
    this.#letGo()
    if (this.#state.get().is === 'connecting') this.open()
    else this.#reopen()
  }

  #network(): 'up' | 'down' {
    return this.#world.isNetworkUp() ? 'up' : 'down'
  }

  /** Leaves the socket without waiting for its close, which may take minutes on a dead network. */
  #letGo(): void {
    const socket = this.#socket
    this.#socket = null
    for (const name of [...this.#timers.keys()]) this.#stop(name)
    if (!socket) return
    socket.onopen = socket.onmessage = socket.onclose = null
    socket.close()
    this.#user.lost()
    this.#calls.lose()
  }

  #start(name: Timer, ms: number, run: () => void): void {
    this.#stop(name)
    this.#timers.set(name, this.#world.after(ms, run))
  }

  #stop(name: Timer): void {
    this.#timers.get(name)?.()
    this.#timers.delete(name)
  }
}

function reasonOf(code: number): EndReason {
  if (code === CLOSE['session-ended'] || code === CLOSE.unauthenticated) return 'signed-out'
  return code === CLOSE.version ? 'outdated' : 'protocol'
}
