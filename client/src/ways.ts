export type Way = 'socket' | 'stream'

/** How long a welcome is waited for. */
export const WELCOME_WITHIN_MS = 20_000
/** A socket that has not got through here yet is waited for less, so that the stream gets its turn soon; twice as long after each that was silent, unless a stream has got through. */
export const SOCKET_WITHIN_MS = 5_000
/** What has got through here is given up when so many attempts in a row failed. */
export const TRIES_OF_A_KNOWN_WAY = 3
/** Where only the stream gets through, the socket is tried again after this long: it may only have been slow. Twice as long after each that failed beside the stream, at most the second. */
export const SOCKET_AGAIN_AFTER_MS = 30_000
export const SOCKET_AGAIN_AFTER_MS_MAX = 10 * 60_000

interface Known {
  /** It has got through on this network. */
  hasWorked: boolean
  /** Attempts in a row that got no welcome. */
  failures: number
}

const UNKNOWN: Known = { hasWorked: false, failures: 0 }

/** Which way to the server to try. A socket is better; where it does not get through, the stream stands in. */
export class Ways {
  readonly #hasStreams: boolean
  #known: { [W in Way]: Known } = { socket: UNKNOWN, stream: UNKNOWN }
  #socketFailedAt = -Infinity
  /** Sockets in a row that opened to nothing, instead of being refused. */
  #silences = 0
  /** Sockets in a row that failed while a stream lived: there the server was not away. */
  #failedBeside = 0

  constructor({ hasStreams }: { hasStreams: boolean }) {
    this.#hasStreams = hasStreams
  }

  /** With which one to begin. */
  first(now: number): Way {
    return this.#isTrusted('stream') && this.socketDueInMs(now) > 0 ? 'stream' : 'socket'
  }

  /** For how long a welcome is waited for. `isBeside`: on a line that lives meanwhile. */
  patienceMs(way: Way, { isBeside }: { isBeside: boolean }): number {
    if (way === 'stream' || !this.#hasStreams || this.#isTrusted('socket')) return WELCOME_WITHIN_MS
    if (!isBeside && this.#known.stream.hasWorked) return SOCKET_WITHIN_MS
    return Math.min(WELCOME_WITHIN_MS, SOCKET_WITHIN_MS * 2 ** this.#silences)
  }

  welcomed(way: Way): void {
    this.#known = { ...this.#known, [way]: { hasWorked: true, failures: 0 } }
    if (way === 'socket') this.#silences = this.#failedBeside = 0
  }

  /** It got no welcome. Answers what to try at once; null: nothing, for now. */
  failed(way: Way, { isSilent, isBeside, now }: { isSilent: boolean; isBeside: boolean; now: number }): Way | null {
    const { hasWorked, failures } = this.#known[way]
    this.#known = { ...this.#known, [way]: { hasWorked, failures: failures + 1 } }
    if (way === 'stream') return null
    this.#socketFailedAt = now
    if (isSilent) this.#silences += 1
    if (isBeside) this.#failedBeside += 1
    return this.#hasStreams && !this.#isTrusted('socket') ? 'stream' : null
  }

  socketDueInMs(now: number): number {
    const againAfterMs = Math.min(SOCKET_AGAIN_AFTER_MS_MAX, SOCKET_AGAIN_AFTER_MS * 2 ** this.#failedBeside)
    return Math.max(0, this.#socketFailedAt + againAfterMs - now)
  }

  /** The network is another one now, for all one knows. */
  forget(): void {
    this.#known = { socket: UNKNOWN, stream: UNKNOWN }
    this.#socketFailedAt = -Infinity
    this.#silences = 0
    this.#failedBeside = 0
  }

  #isTrusted(way: Way): boolean {
    const { hasWorked, failures } = this.#known[way]
    return hasWorked && failures < TRIES_OF_A_KNOWN_WAY
  }
}
