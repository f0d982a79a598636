import { backoffMs } from '@belfry/client/backoff.ts'
import { RECONNECT, STABLE_AFTER_MS } from '@belfry/client/connection.ts'
import { mayComeBack } from '@belfry/protocol/close-codes.ts'
import type { DownFrame } from '@belfry/protocol/down.ts'
import type { Position, UpFrame } from '@belfry/protocol/up.ts'
import { PROTOCOL_VERSION } from '@belfry/protocol/version.ts'
import { belfry } from '#dialects/belfry.ts'
import { RawSocket } from './raw-socket.ts'
import { readFrame } from './read-frame.ts'

/** Where it leads, from where, and as whom. */
export interface Ends {
  port: number
  from: string
  token: string
  /** By TLS, to whom this certificate (PEM) is. */
  ca?: string
}

/** Whose connection it is. */
interface Owner {
  /** From where each connection goes on. */
  positions(): Position[]
  saidHello?(): void
  /** After it was welcomed. */
  wasLost?(): void
  took(frame: DownFrame): void
  /** It does not come back any more. Left out: that is a mistake. */
  toldToStop?(): void
}

/** Somebody's connection to Belfry over many sockets: whenever one is lost it comes back, as PROTOCOL.md wants it of clients. */
export class LastingConnection {
  /** How often it was lost, or cut, after it was welcomed. */
  losses = 0
  /** How often nobody let it in: the port was closed, somebody answered something else, or it was lost before it was welcomed. */
  turnedAway = 0
  readonly #ends: Ends
  readonly #owner: Owner
  #socket: RawSocket | null = null
  #welcomedAt: number | null = null
  #attempt = 0
  #drainWithinMs: number | null = null
  #isOver = false

  constructor(ends: Ends, owner: Owner) {
    this.#ends = ends
    this.#owner = owner
    this.#open()
  }

  get isWelcome(): boolean {
    return this.#welcomedAt !== null
  }

  send(frame: UpFrame): void {
    this.#socket?.send(JSON.stringify(frame))
  }

  /** As when the network goes away: nobody says a word, and it comes back after this time. */
  cut(forMs: number): void {
    this.#socket!.close()
    this.#letGo()
    setTimeout(() => this.#open(), forMs)
  }

  /** For good. */
  close(): void {
    this.#isOver = true
    this.#socket?.close()
  }

  #open(): void {
    const { token: _, ...door } = this.#ends
    void RawSocket.open({ ...door, path: belfry.path }).then(
      (socket) => this.#opened(socket),
      () => this.#notLetIn(),
    )
  }

  #notLetIn(): void {
    if (!this.#isOver) this.turnedAway += 1
    this.#comeBackLater()
  }

  #opened(socket: RawSocket): void {
    if (this.#isOver) return socket.close()
    this.#socket = socket
    socket.onLost = (code) => this.#lost(code)
    socket.hear((text) => this.#took(readFrame(text)))
    this.send({ t: 'hello', v: PROTOCOL_VERSION, token: this.#ends.token, positions: this.#owner.positions() })
    this.#owner.saidHello?.()
  }

  #took(frame: DownFrame): void {
    if (frame.t === 'welcome') this.#welcomedAt = performance.now()
    if (frame.t === 'drain') this.#drainWithinMs = frame.withinMs
    this.#owner.took(frame)
  }

  #lost(code: number | null): void {
    this.#letGo()
    if (code === null || mayComeBack(code)) return this.#comeBackLater()
    if (!this.#owner.toldToStop) throw new Error(`Belfry closed a connection with ${code}, which says not to come back.`)
    this.#owner.toldToStop()
  }

  #letGo(): void {
    this.#socket = null
    if (this.#welcomedAt === null) return void (this.turnedAway += 1)
    this.losses += 1
    if (performance.now() - this.#welcomedAt >= STABLE_AFTER_MS) this.#attempt = 0
    this.#welcomedAt = null
    this.#owner.wasLost?.()
  }

  #comeBackLater(): void {
    if (!this.#isOver) setTimeout(() => this.#open(), this.#nextDelayMs())
  }

  #nextDelayMs(): number {
    const withinMs = this.#drainWithinMs
    this.#drainWithinMs = null
    return withinMs === null ? backoffMs(RECONNECT, this.#attempt++, Math.random) : Math.random() * withinMs
  }
}
