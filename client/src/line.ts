import type { DownFrame, Welcome } from '@belfry/protocol/down.ts'
import type { Hello, Position, UpFrame } from '@belfry/protocol/up.ts'
import { Stream } from './stream.ts'
import { Timers } from './timers.ts'
import { openSocket, type Transport, type TransportUser } from './transport.ts'
import type { Way } from './ways.ts'
import type { World } from './world.ts'

export const PONG_WITHIN_MS = 20_000

/** Whom a line tells. */
export interface LineUser {
  /** Runs it once `hello` can say what it has to. */
  whenReady(run: () => void): void
  hello(): Hello
  welcomed(line: Line, frame: Welcome): void
  took(frame: DownFrame): void
  /** `code`: the close code, or null when it fell silent. */
  lost(line: Line, code: number | null): void
}

/** One socket or stream, from its opening to its loss: hello → welcome, and pings. */
export class Line {
  readonly by: Way
  readonly openedAt: number
  readonly #transport: Transport
  readonly #timers: Timers<'welcome' | 'ping' | 'pong'>
  readonly #user: LineUser
  #named: readonly Position[] = []

  constructor(world: World, { url, by, welcomeWithinMs }: { url: string; by: Way; welcomeWithinMs: number }, user: LineUser) {
    this.by = by
    this.openedAt = world.now()
    this.#user = user
    this.#timers = new Timers(world)
    this.#timers.start('welcome', welcomeWithinMs, () => this.#lose(null))
    const on: TransportUser = {
      whenReady: (run) => this.#user.whenReady(run),
      hello: () => this.#hello(),
      took: (frame) => this.#take(frame),
      closed: (code) => this.#lose(code),
    }
    this.#transport = by === 'socket' ? openSocket(world, url, on) : new Stream(world, url, on)
  }

  /** What its hello has named. */
  get named(): readonly Position[] {
    return this.#named
  }

  send(frame: UpFrame): void {
    this.#transport.send(frame)
  }

  /** Asks whether it is still there: silence counts as its loss. */
  ping(withinMs: number): void {
    this.#timers.start('pong', withinMs, () => this.#lose(null))
    this.send({ t: 'ping' })
  }

  /** Without waiting for the other side, which may take minutes on a dead network. */
  close(): void {
    this.#timers.stopAll()
    this.#transport.close()
  }

  #hello(): Hello {
    const hello = this.#user.hello()
    this.#named = hello.positions
    return hello
  }

  #take(frame: DownFrame): void {
    this.#timers.stop('pong')
    if (frame.t !== 'welcome') return this.#user.took(frame)
    this.#timers.stop('welcome')
    this.#pingEvery(frame.limits.pingEveryMs)
    this.#user.welcomed(this, frame)
  }

  #pingEvery(ms: number): void {
    this.#timers.start('ping', ms, () => {
      this.ping(PONG_WITHIN_MS)
      this.#pingEvery(ms)
    })
  }

  #lose(code: number | null): void {
    this.close()
    this.#user.lost(this, code)
  }
}
