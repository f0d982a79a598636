import type { DownFrame } from '@belfry/protocol/down.ts'
import { downFrameIn } from '@belfry/protocol/down-text.ts'
import type { Hello, UpFrame } from '@belfry/protocol/up.ts'
import type { World } from './world.ts'

/** What carries frames: a WebSocket, or a stream with requests beside it. */
export interface Transport {
  send(frame: UpFrame): void
  /** Nobody is told anything any more. */
  close(): void
}

/** Whom it tells. */
export interface TransportUser {
  /** Runs it once `hello` can say what it has to. */
  whenReady(run: () => void): void
  /** All that is followed, as it stands now. */
  hello(): Hello
  took(frame: DownFrame): void
  /** It is over. `code`: why, as the server says it; 1006: without a word. */
  closed(code: number): void
}

/** As WebSocket has them. */
export const WITHOUT_A_WORD = 1006
const OPEN = 1

/** A WebSocket, which says hello once it is open. */
export function openSocket(world: World, url: string, user: TransportUser): Transport {
  const socket = new world.WebSocket(`${url.replace(/^http/, 'ws')}/api/v1/socket`)
  // One that is closing takes nothing more, and a browser says so in its console; that it has closed is told next.
  const send = (frame: UpFrame) => void (socket.readyState === OPEN && socket.send(JSON.stringify(frame)))
  socket.onopen = () => user.whenReady(() => socket.onopen && send(user.hello()))
  socket.onmessage = (event) => user.took(downFrameIn(String(event.data)))
  socket.onclose = (event) => user.closed(event.code)
  return {
    send,
    close() {
      socket.onopen = socket.onmessage = socket.onclose = null
      socket.close()
    },
  }
}
