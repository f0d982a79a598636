import type { connect } from 'node:net'
import type { Socket, World } from '@belfry/client/world.ts'
import type { UpFrame } from '@belfry/protocol/up.ts'
import { WebSocket } from 'ws'
import type { Doors } from './doors.ts'
import type { Recording } from './recording.ts'
import type { Told } from './told.ts'

const WITHOUT_A_WORD = 1006

/** A client's WebSocket to one of the nodes, of which everything is recorded. */
export class RecordedSocket implements Socket {
  onopen: ((event: globalThis.Event) => void) | null = null
  onmessage: ((event: MessageEvent) => void) | null = null
  onclose: ((event: CloseEvent) => void) | null = null
  /** What was told of a topic; of a client that needs no SDK. */
  ontold: ((told: Told, becomes: 'taken' | 'a hole') => void) | null = null
  readonly #recording: Recording
  readonly #doors: Doors
  #asked = 0
  #door = 0
  #socket: WebSocket

  constructor(recording: Recording, doors: Doors) {
    this.#recording = recording
    this.#doors = doors
    this.#socket = this.#ask()
  }

  get readyState(): number {
    return this.#socket.readyState
  }

  send(text: string): void {
    this.#recording.sent(JSON.parse(text) as UpFrame)
    this.#socket.send(text)
  }

  /** By its client, who hears nothing of it any more. */
  close(): void {
    if (this.#isUnanswered) this.#doors.failed(this.#door)
    this.#ends(WITHOUT_A_WORD)
    this.#socket.terminate()
  }

  /** By the network: neither side says goodbye. */
  cut(): void {
    this.#socket.terminate()
  }

  #ask(): WebSocket {
    const { door, link } = this.#doors.next()
    this.#door = door
    this.#asked += 1
    // A socket's ways to be set up are not needed.
    const createConnection = (() => link.connect()) as unknown as typeof connect
    const socket = new WebSocket(new URL('/api/v1/socket', link.url), { perMessageDeflate: false, createConnection })
    socket.on('open', () => this.#opened())
    socket.on('message', (data: Buffer) => this.#heard(data))
    socket.on('close', (code) => this.#closed(code))
    // What failed is closed next.
    socket.on('error', () => {})
    return socket
  }

  #opened(): void {
    this.#doors.sockets.add(this)
    this.#recording.opened(this.#door)
    this.onopen?.(new globalThis.Event('open'))
  }

  #heard(data: Buffer): void {
    if (!this.#doors.sockets.has(this)) return
    const text = data.toString()
    const heard = this.#recording.told(text)
    if (heard) this.ontold?.(heard.told, heard.becomes)
    this.onmessage?.({ data: text } as MessageEvent)
  }

  /** As the nginx that is shipped does: where one node does not answer, the next is asked. */
  #closed(code: number): void {
    const isUnanswered = this.#isUnanswered
    if (isUnanswered) this.#doors.failed(this.#door)
    if (isUnanswered && this.#asked < this.#doors.count) this.#socket = this.#ask()
    else this.#ends(code)
  }

  /** Its client waits for it to open. */
  get #isUnanswered(): boolean {
    return this.onclose !== null && !this.#doors.sockets.has(this)
  }

  #ends(code: number): void {
    if (this.#doors.sockets.delete(this)) this.#recording.closed(code)
    this.onclose?.({ code } as CloseEvent)
    this.onclose = this.onmessage = this.ontold = null
  }
}

/** The WebSocket class of one client. */
export function socketsOf(recording: Recording, doors: Doors): World['WebSocket'] {
  return class extends RecordedSocket {
    constructor() {
      super(recording, doors)
    }
  }
}
