import type { DownFrame } from '@belfry/protocol/down.ts'
import type { UpFrame } from '@belfry/protocol/up.ts'
import type { Dice } from '#bench/src/dice.ts'
import type { Time } from './time.ts'

/** How bad the network is. */
export interface Weather {
  delayMsMax: number
  /** That a frame is the last that a connection carries: what was asked may be done, the answer is lost. */
  cut: number
  /** That a client notices a cut only by its own pings. */
  silent: number
  /** That a request is held up on the way, and arrives also when nobody waits for it any more. */
  heldUp: number
}

/** A stalled reader is behind after some 5 kB. */
export const BYTES_WEIGH = 200

/** Sees every frame of one connection: at the moment at which the server sends it, and at which the client does. */
export interface Observer {
  sent(frame: UpFrame): void
  told(frame: DownFrame): void
  /** What a request was answered that is no stream. */
  answered(result: unknown): void
}

/** A connection, or a request: what can be cut, or not be read for a while. */
export interface Wire {
  stalls(forMs: number): void
  breaks(): void
}

/** What lies around all wires. */
export interface Air {
  readonly weather: Weather
  readonly wires: Set<Wire>
  readonly dice: Dice
  readonly time: Time
  /** Carries something behind what went before it; it may be the last that passes. Answers when it arrives. */
  carry(last: number, wire: Wire, arrive: () => void): number
}
