import type { DownFrame } from '@belfry/protocol/down.ts'
import { downFrameIn } from '@belfry/protocol/down-text.ts'
import { roomTopic } from '@belfry/protocol/topics.ts'
import type { UpFrame } from '@belfry/protocol/up.ts'
import { belfry, follow } from '#dialects/belfry.ts'
import { RawSocket } from './raw-socket.ts'

/** Who opens rooms, and leaves them again, over one connection. */
export class Visitor implements Disposable {
  readonly #socket: RawSocket
  #asked = 0
  #told: (frame: DownFrame) => void = () => {}

  /** `rooms`: in how many they are. */
  static async come({ port, token, rooms }: { port: number; token: string; rooms: number }): Promise<Visitor> {
    const socket = await RawSocket.open({ port, path: belfry.path })
    await follow(socket, { token, positions: [], watched: rooms })
    return new Visitor(socket)
  }

  private constructor(socket: RawSocket) {
    this.#socket = socket
    socket.hear((text) => this.#told(downFrameIn(text)))
  }

  /** Opens a room, and leaves it when its snapshot is there. Answers how many messages that brought. */
  async open(room: string): Promise<number> {
    const topic = roomTopic(room)
    const id = ++this.#asked
    let messages = 0
    const isOpen = new Promise<void>((resolve, reject) => {
      this.#told = (told) => {
        if (told.t === 'snapshot' && told.topic === topic) messages += told.rows.message?.length ?? 0
        if (told.t === 'unfollowed') reject(new Error(`Belfry does not let it follow: ${JSON.stringify(told)}`))
        if (told.t === 'reply' && told.id === id) resolve()
      }
    })
    this.#send({ t: 'follow', id, topic })
    await isOpen
    this.#send({ t: 'unfollow', topic })
    return messages
  }

  [Symbol.dispose](): void {
    this.#socket.close()
  }

  #send(frame: UpFrame): void {
    this.#socket.send(JSON.stringify(frame))
  }
}
