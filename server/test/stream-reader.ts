import { get, type IncomingMessage } from 'node:http'
import type { DownFrame } from '@belfry/protocol/down.ts'
import { downFrameIn } from '@belfry/protocol/down-text.ts'
import { until } from './settle.ts'

/** Somebody who reads a stream over a real connection, as fast or as slowly as a test wants. */
export class StreamReader {
  readonly frames: DownFrame[] = []
  /** The ids of those frames that have one. */
  readonly ids: string[] = []
  /** Comments. */
  pulses = 0
  isOver = false
  readonly #answer: IncomingMessage
  #rest = ''

  private constructor(answer: IncomingMessage) {
    this.#answer = answer
    answer.setEncoding('utf8')
    answer.on('data', (text: string) => this.#take(text))
    answer.on('close', () => (this.isOver = true))
    answer.on('error', () => (this.isOver = true))
  }

  static async open(address: string, headers: Record<string, string> = {}): Promise<StreamReader> {
    const answer = await new Promise<IncomingMessage>((resolve, reject) =>
      get(address, { headers, agent: false }, resolve).on('error', reject),
    )
    return new StreamReader(answer)
  }

  get status(): number {
    return this.#answer.statusCode!
  }

  get headers(): IncomingMessage['headers'] {
    return this.#answer.headers
  }

  told<T extends DownFrame['t']>(t: T, topic?: string): Extract<DownFrame, { t: T }>[] {
    return this.frames.filter((frame) => frame.t === t && (topic === undefined || ('topic' in frame && frame.topic === topic))) as never
  }

  bodies(): string[] {
    return this.frames.flatMap((frame) => ('rows' in frame && frame.t !== 'bump' ? (frame.rows.message ?? []) : [])).map(({ body }) => body)
  }

  isLive(...topics: string[]): Promise<void> {
    return until(() => topics.every((topic) => this.told('live', topic).length > 0))
  }

  ends(): Promise<void> {
    return until(() => this.isOver)
  }

  stalls(): void {
    this.#answer.pause()
  }

  readsAgain(): void {
    this.#answer.resume()
  }

  leaves(): void {
    this.#answer.destroy()
  }

  #take(text: string): void {
    const events = (this.#rest + text).split('\n\n')
    this.#rest = events.pop()!
    for (const event of events) this.#hear(event.split('\n'))
  }

  #hear(lines: string[]): void {
    for (const line of lines) {
      if (line === ':') this.pulses += 1
      else if (line.startsWith('id: ')) this.ids.push(line.slice('id: '.length))
      else if (line.startsWith('data: ')) this.frames.push(downFrameIn(line.slice('data: '.length)))
      else throw new Error(`This is no line of a stream: ${line}`)
    }
  }
}
