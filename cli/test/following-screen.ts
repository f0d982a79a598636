import { once } from 'node:events'
import { Topic } from '@belfry/client/topic.ts'
import type { DownFrame } from '@belfry/protocol/down.ts'
import { downFrameIn } from '@belfry/protocol/down-text.ts'
import type { Message } from '@belfry/protocol/rows.ts'
import { uuidv7 } from '@belfry/protocol/uuid.ts'
import { PROTOCOL_VERSION } from '@belfry/protocol/version.ts'
import { PASSWORD, type Server } from './belfry.ts'

/** One device at a real server: an open socket, and what it holds by the rules of the SDK. It asks again as the SDK does. */
export class FollowingScreen {
  readonly #socket: WebSocket
  readonly #topics = new Map<string, Topic>()
  readonly #waiting = new Map<number, (frame: Extract<DownFrame, { t: 'reply' }>) => void>()
  #lastId = 0

  private constructor(socket: WebSocket) {
    this.#socket = socket
    socket.addEventListener('message', ({ data }) => this.#take(downFrameIn(String(data))))
  }

  /** Signs somebody in whose password is {@link PASSWORD}. */
  static async of({ url }: Server, username: string): Promise<FollowingScreen> {
    const body = JSON.stringify({ username, password: PASSWORD })
    const answer = await fetch(`${url}/api/v1/session`, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
    const token = /^belfry=([^;]+)/.exec(answer.headers.get('set-cookie') ?? '')![1]!
    const socket = new WebSocket(`${url.replace('http', 'ws')}/api/v1/socket`)
    await once(socket, 'open')
    const screen = new FollowingScreen(socket)
    socket.send(JSON.stringify({ t: 'hello', v: PROTOCOL_VERSION, token, device: 'test', positions: [] }))
    return screen
  }

  async follows(topic: string): Promise<void> {
    await this.#asks({ t: 'follow', topic })
  }

  /** Sent again, with the same id, until it is stored: answers the id. */
  async posts(roomId: string, body: string): Promise<string> {
    const id = uuidv7()
    for (;;) {
      const { refusal } = await this.#asks({ t: 'call', name: 'message.post', input: { id, roomId, body } })
      if (!refusal) return id
      if (refusal.retryAfterMs === undefined) throw new Error(refusal.detail)
    }
  }

  position(topic: string): { epoch: string; seq: number } | null {
    return this.#topic(topic).position
  }

  /** The newest first. */
  newestMessages(topic: string, count: number): Pick<Message, 'id' | 'n' | 'body' | 'changed'>[] {
    const held = [...this.#topic(topic).rows('message').values()].toSorted((one, other) => other.n - one.n)
    return held.slice(0, count).map(({ id, n, body, changed }) => ({ id, n, body, changed }))
  }

  closes(): void {
    this.#socket.close()
  }

  #asks(frame: object): Promise<Extract<DownFrame, { t: 'reply' }>> {
    const id = ++this.#lastId
    this.#socket.send(JSON.stringify({ ...frame, id }))
    return new Promise((resolve) => this.#waiting.set(id, resolve))
  }

  #topic(name: string): Topic {
    const held = this.#topics.get(name) ?? new Topic()
    this.#topics.set(name, held)
    return held
  }

  #take(frame: DownFrame): void {
    if (frame.t === 'reply') this.#waiting.get(frame.id)?.(frame)
    if (frame.t !== 'snapshot' && frame.t !== 'change') return
    if (this.#topic(frame.topic).take(frame).is === 'gap') throw new Error(`a gap in ${frame.topic}`)
  }
}
