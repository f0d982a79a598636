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
  readonly door: number
  readonly #socket: WebSocket
  readonly #recording: Recording
  readonly #doors: Doors

  constructor(recording: Recording, doors: Doors) {
    const { door, port } = doors.next()
    this.door = door
    this.#recording = recording
    this.#doors = doors
    this.#socket = new WebSocket(`ws://127.0.0.1:${port}/api/v1/socket`, { perMessageDeflate: false })
    this.#socket.on('open', () => this.#opened())
    this.#socket.on('message', (data: Buffer) => this.#heard(data))
    this.#socket.on('close', (code) => this.#closed(code))
    // What failed is closed next.
    this.#socket.on('error', () => {})
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
    this.#closed(WITHOUT_A_WORD)
    this.#socket.terminate()
  }

  /** By the network: neither side says goodbye. */
  cut(): void {
    this.#socket.terminate()
  }

  #opened(): void {
    this.#doors.sockets.add(this)
    this.#recording.opened(this.door)
    this.onopen?.(new globalThis.Event('open'))
  }

  #heard(data: Buffer): void {
    if (!this.#doors.sockets.has(this)) return
    const text = data.toString()
    const heard = this.#recording.told(text)
    if (heard) this.ontold?.(heard.told, heard.becomes)
    this.onmessage?.({ data: text } as MessageEvent)
  }

  #closed(code: number): void {
    if (this.#doors.sockets.delete(this)) this.#recording.closed(code)
    else if (this.onclose) this.#doors.failed(this.door)
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
