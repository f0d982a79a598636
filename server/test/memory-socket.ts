import type { EventEmitter } from 'node:events'
import { Duplex, Writable } from 'node:stream'
import type { DownFrame } from '@belfry/protocol/down.ts'
import { downFrameIn } from '@belfry/protocol/down-text.ts'
import type { UpFrame } from '@belfry/protocol/up.ts'

const TEXT = 0x1
const CLOSE = 0x8
const HEAD_END = '\r\n\r\n'

/** A browser's end of a socket without a network: the server's end is a stream in memory, the bytes between them are WebSocket's own. */
export class MemorySocket {
  readonly frames: DownFrame[] = []
  /** What the server answered before any frame. */
  head = ''
  /** The close that the server sent, or that the connection was cut. */
  closed: { code: number } | null = null
  /** Chunks that the server wrote after the handshake: what a system call each would be. */
  writes = 0
  onOpen: () => void = () => {}
  onFrame: (text: string) => void = (text) => void this.frames.push(downFrameIn(text))
  onClose: (code: number) => void = () => {}
  readonly stream: ServerEnd
  #bytes = Buffer.alloc(0)
  #isOpen = false

  /** `bytesWeigh`: for how many each byte counts that is not read yet, so that little is enough to be slow. */
  constructor(server: EventEmitter, request: { url?: string; headers?: Record<string, string>; bytesWeigh?: number } = {}) {
    this.stream = new ServerEnd({
      deliver: (bytes) => this.#hear(bytes),
      ended: () => this.#gone(1006),
      bytesWeigh: request.bytesWeigh ?? 1,
    })
    const headers = {
      ...request.headers,
      'upgrade': 'websocket',
      'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==',
      'sec-websocket-version': '13',
    }
    server.emit(
      'upgrade',
      { method: 'GET', url: request.url ?? '/api/v1/socket', headers, socket: this.stream },
      this.stream,
      Buffer.alloc(0),
    )
  }

  sends(frame: UpFrame): void {
    this.sendsText(JSON.stringify(frame))
  }

  sendsText(text: string): void {
    this.sendsBytes(masked(TEXT, Buffer.from(text)))
  }

  sendsBytes(bytes: Buffer): void {
    if (!this.stream.destroyed) this.stream.push(bytes)
  }

  /** Says goodbye as a browser does. */
  leaves(): void {
    this.sendsBytes(masked(CLOSE, Buffer.from([0x03, 0xe8])))
  }

  /** The network is gone: neither side hears of the other again. */
  cuts(): void {
    this.stream.destroy()
  }

  /** Reads nothing more, until it does again. */
  stalls(): void {
    this.stream.isStalled = true
  }

  readsAgain(): void {
    this.stream.flows()
  }

  #hear(bytes: Buffer): void {
    this.#bytes = Buffer.concat([this.#bytes, bytes])
    if (!this.#isOpen && !this.#opens()) return
    else if (this.#bytes.length > 0) this.writes += 1
    for (let frame = this.#next(); frame; frame = this.#next()) this.#take(frame)
  }

  #opens(): boolean {
    const end = this.#bytes.indexOf(HEAD_END)
    if (end < 0) return false
    this.head = this.#bytes.subarray(0, end).toString()
    this.#bytes = this.#bytes.subarray(end + HEAD_END.length)
    this.#isOpen = this.head.startsWith('HTTP/1.1 101')
    if (this.#isOpen) this.onOpen()
    return this.#isOpen
  }

  #next(): { opcode: number; payload: Buffer } | null {
    const bytes = this.#bytes
    if (bytes.length < 2) return null
    const short = bytes[1]! & 0x7f
    const header = short < 126 ? 2 : short === 126 ? 4 : 10
    if (bytes.length < header) return null
    const length = short < 126 ? short : short === 126 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2))
    if (bytes.length < header + length) return null
    this.#bytes = bytes.subarray(header + length)
    return { opcode: bytes[0]! & 0x0f, payload: bytes.subarray(header, header + length) }
  }

  #take({ opcode, payload }: { opcode: number; payload: Buffer }): void {
    if (opcode === TEXT) return this.onFrame(payload.toString())
    if (opcode !== CLOSE) return
    this.#gone(payload.length >= 2 ? payload.readUInt16BE(0) : 1005)
    this.sendsBytes(masked(CLOSE, payload.subarray(0, 2)))
  }

  #gone(code: number): void {
    if (this.closed) return
    this.closed = { code }
    this.onClose(code)
  }
}

/** A client's frame. The mask is zero: the bytes stay as they are. */
export function masked(opcode: number, payload: Buffer): Buffer {
  const { length } = payload
  const header = length < 126 ? Buffer.from([0x80 | length]) : length <= 0xffff ? Buffer.alloc(3, 0x80 | 126) : Buffer.alloc(9, 0x80 | 127)
  if (header.length === 3) header.writeUInt16BE(length, 1)
  if (header.length === 9) header.writeBigUInt64BE(BigInt(length), 1)
  return Buffer.concat([Buffer.from([0x80 | opcode]), header, Buffer.alloc(4), payload])
}

/** What the server holds in place of a TCP socket, or of an HTTP answer. */
export class ServerEnd extends Duplex {
  isStalled = false
  readonly #deliver: (bytes: Buffer) => void
  readonly #ended: () => void
  #held: (() => void) | null = null

  constructor(to: { deliver(bytes: Buffer): void; ended(): void; bytesWeigh: number }) {
    super(to.bytesWeigh > 1 ? { writableHighWaterMark: 1 } : {})
    this.#deliver = to.deliver
    this.#ended = to.ended
    if (to.bytesWeigh === 1) return
    const length = Object.getOwnPropertyDescriptor(Writable.prototype, 'writableLength')!
    Object.defineProperty(this, 'writableLength', { get: () => (length.get!.call(this) as number) * to.bytesWeigh })
  }

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    const pass = () => {
      this.#deliver(Buffer.from(chunk))
      done()
    }
    if (this.isStalled) this.#held = pass
    else pass()
  }

  override _final(done: () => void): void {
    done()
    this.push(null)
    this.destroy()
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    done(error)
    this.#ended()
  }

  flows(): void {
    this.isStalled = false
    const held = this.#held
    this.#held = null
    held?.()
  }
}
