import type { EventEmitter } from 'node:events'
import { Topic } from '@belfry/client/topic.ts'
import type { Change, DownFrame, Snapshot } from '@belfry/protocol/down.ts'
import { downFrameIn } from '@belfry/protocol/down-text.ts'
import type { RowKind, RowOf } from '@belfry/protocol/rows.ts'
import type { Position, UpFrame } from '@belfry/protocol/up.ts'
import { PROTOCOL_VERSION } from '@belfry/protocol/version.ts'
import { MemorySocket } from './memory-socket.ts'
import { settles, until } from './settle.ts'

/** One device of a person: an open socket, all that it was told, and what it holds by the rules of the SDK. */
export class Screen {
  readonly socket: MemorySocket
  readonly #topics = new Map<string, Topic>()
  readonly gaps: DownFrame[] = []
  #lastId = 0

  constructor(server: EventEmitter) {
    this.socket = new MemorySocket(server)
    this.socket.onFrame = (text) => this.#take(downFrameIn(text))
  }

  get frames(): DownFrame[] {
    return this.socket.frames
  }

  /** Answers once everything that it names is live, and the rest of what a welcome brings is there. */
  async hello(token: string, positions: Position[] = []): Promise<this> {
    this.socket.sends({ t: 'hello', v: PROTOCOL_VERSION, token, positions })
    await until(() => this.told('welcome').length > 0 || this.socket.closed !== null)
    const waits = (topic: string) => !this.frames.some((frame) => (frame.t === 'live' || frame.t === 'unfollowed') && frame.topic === topic)
    await until(() => this.socket.closed !== null || !positions.some(([topic]) => waits(topic)))
    await settles()
    return this
  }

  async follows(topic: string, position?: { epoch: string; seq: number }): Promise<Extract<DownFrame, { t: 'reply' }>> {
    return this.#answer({ t: 'follow', id: ++this.#lastId, topic, ...position })
  }

  async calls(name: string, input: unknown): Promise<Extract<DownFrame, { t: 'reply' }>> {
    return this.#answer({ t: 'call', id: ++this.#lastId, name, input })
  }

  sends(frame: UpFrame): void {
    this.socket.sends(frame)
  }

  told<T extends DownFrame['t']>(t: T, topic?: string): Extract<DownFrame, { t: T }>[] {
    return this.frames.filter((frame) => frame.t === t && (topic === undefined || ('topic' in frame && frame.topic === topic))) as never
  }

  /** What it holds of a topic. */
  rows<K extends RowKind>(topic: string, kind: K): RowOf<K>[] {
    return [...this.#topic(topic).rows(kind).values()]
  }

  bodies(topic: string): string[] {
    return this.rows(topic, 'message')
      .toSorted((a, b) => a.n - b.n)
      .map((message) => message.body)
  }

  position(topic: string): { epoch: string; seq: number } | null {
    return this.#topic(topic).position
  }

  async #answer(frame: Extract<UpFrame, { id: number }>): Promise<Extract<DownFrame, { t: 'reply' }>> {
    this.socket.sends(frame)
    const replied = () => this.told('reply').find((reply) => reply.id === frame.id)
    await until(() => replied() !== undefined || this.socket.closed !== null)
    return replied()!
  }

  #topic(name: string): Topic {
    const held = this.#topics.get(name) ?? new Topic()
    this.#topics.set(name, held)
    return held
  }

  #take(frame: DownFrame): void {
    this.frames.push(frame)
    if (frame.t === 'unfollowed') this.#topic(frame.topic).clear()
    if (frame.t === 'snapshot' || frame.t === 'change') this.#apply(frame)
  }

  #apply(frame: Snapshot | Change): void {
    if (this.#topic(frame.topic).take(frame).is === 'gap') this.gaps.push(frame)
  }
}
