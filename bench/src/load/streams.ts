import { Stream } from './stream.ts'

/** What the followers of one room must receive at each of several servers: every server gathers changes in its own way. */
export class Streams {
  onComplete: (messages: number) => void = () => {}
  readonly #streams: Stream[]
  #complete = 0

  constructor(count: number, roomReader: () => (text: string) => string[]) {
    this.#streams = Array.from({ length: count }, () => new Stream(roomReader()))
    for (const stream of this.#streams) stream.onComplete = () => this.#completed()
  }

  /** Messages that all followers together have received. */
  get deliveries(): number {
    return this.#streams.reduce((sum, { deliveries }) => sum + deliveries, 0)
  }

  /** Messages that every follower has received. */
  get complete(): number {
    return this.#complete
  }

  /** Bytes that one follower has to read. */
  get bytes(): number {
    return Math.max(...this.#streams.map(({ bytes }) => bytes))
  }

  /** Where delays go, in microseconds, when they are wanted. */
  set delays(delays: number[] | null) {
    for (const stream of this.#streams) stream.delays = delays
  }

  /** A follower of this server. Answers what takes their bytes. */
  add(server: number): (bytes: Buffer) => void {
    return this.#streams[server]!.add()
  }

  /** Different messages that came to anybody. */
  get messages(): number {
    return Math.max(...this.#streams.map(({ messages }) => messages))
  }

  /** Throws unless every follower has received all of these many messages, and nothing else. */
  requireAll(messages: number): void {
    for (const stream of this.#streams) stream.requireAll(messages)
  }

  #completed(): void {
    const complete = Math.min(...this.#streams.map((stream) => stream.complete))
    const more = complete - this.#complete
    this.#complete = complete
    if (more > 0) this.onComplete(more)
  }
}
