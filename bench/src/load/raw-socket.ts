import { randomBytes } from 'node:crypto'
import { connect, type Socket } from 'node:net'
import { connect as connectSecurely } from 'node:tls'
import { clientFrame, closeFrame, FrameReader } from './frames.ts'

/** One for all sockets of the process: what a read has put into it is used up before the next read. */
const READ_BUFFER = Buffer.allocUnsafeSlow(256 * 1024)
const END_OF_HEAD = '\r\n\r\n'

/** Where a socket leads. `from`: another address of this machine's own, for servers that count by it. `ca`: by TLS, to whom this certificate (PEM) is. */
interface Door {
  port: number
  path: string
  from?: string
  ca?: string
}

/** A WebSocket that costs as little as one can: reads into one shared buffer, and says who gets the bytes. */
export class RawSocket {
  /** Told when it ends otherwise than by {@link close}, with the code if the server said one. Null: that is a mistake. */
  onLost: ((code: number | null) => void) | null = null
  readonly #socket: Socket
  readonly #reader = new FrameReader()
  readonly #tellFailed: (error: Error) => void
  #isOpen = false
  #receive: (bytes: Buffer) => void

  /** Resolves once the server has agreed to speak WebSocket. */
  static open(to: Door): Promise<RawSocket> {
    return new Promise((resolve, reject) => new RawSocket(to, { opened: resolve, failed: reject }))
  }

  private constructor(to: Door, tell: { opened(socket: RawSocket): void; failed(error: Error): void }) {
    const callback = (length: number) => {
      this.#receive(READ_BUFFER.subarray(0, length))
      return true
    }
    const line = {
      host: '127.0.0.1',
      port: to.port,
      noDelay: true,
      ...(to.from && { localAddress: to.from }),
      onread: { buffer: READ_BUFFER, callback },
    }
    this.#socket = to.ca ? connectSecurely({ ...line, ca: to.ca }) : connect(line)
    this.#tellFailed = tell.failed
    this.#socket.on('error', tell.failed)
    this.#socket.on('close', this.#onClose)
    this.#socket.write(upgradeRequest(to))
    let head = ''
    this.#receive = (bytes) => {
      head += bytes.toString('latin1')
      if (!head.includes(END_OF_HEAD)) return
      if (!head.startsWith('HTTP/1.1 101')) return this.#turnedAway(head)
      this.#receive = unexpected
      this.#isOpen = true
      tell.opened(this)
      const rest = head.slice(head.indexOf(END_OF_HEAD) + END_OF_HEAD.length)
      if (rest) queueMicrotask(() => this.#receive(Buffer.from(rest, 'latin1')))
    }
  }

  #turnedAway(head: string): void {
    this.#socket.destroy()
    this.#tellFailed(new Error(`The server answered ${head.split('\r\n')[0]}.`))
  }

  /** Gives every text to `hear` from here on. */
  hear(hear: (text: string) => void): void {
    const closed = this.onLost ? (code: number) => this.#closed(code) : undefined
    this.#receive = (bytes) => this.#reader.read(bytes, hear, closed)
  }

  /** Resolves with the text that fulfils; whatever comes after it, before somebody listens again, is a mistake. */
  heard(fulfils: (text: string) => boolean): Promise<void> {
    return new Promise((resolve) => {
      this.hear((text) => {
        if (!fulfils(text)) return
        this.hear(unexpected)
        resolve()
      })
    })
  }

  /** Gives the bare bytes to `receive` from here on, valid only during the call. */
  receive(receive: (bytes: Buffer) => void): void {
    if (!this.#reader.isBetween) throw new Error('Half a frame came before it was expected.')
    this.#receive = receive
  }

  send(text: string): void {
    this.#socket.write(clientFrame(text))
  }

  /** All that `act` sends goes out in one write. */
  together(act: () => void): void {
    this.#socket.cork()
    act()
    this.#socket.uncork()
  }

  close(): void {
    this.#socket.off('close', this.#onClose)
    this.#socket.on('error', () => {})
    this.#socket.destroy()
  }

  /** A server waits for the answer to its goodbye. */
  #closed(code: number): void {
    this.#socket.off('close', this.#onClose)
    this.#receive = () => {}
    this.#socket.end(closeFrame(code))
    this.onLost!(code)
  }

  readonly #onClose = (): void => {
    if (!this.#isOpen) return this.#tellFailed(new Error('The server closed a connection that was being opened.'))
    if (!this.onLost) throw new Error('The server closed a connection.')
    this.onLost(null)
  }
}

function unexpected(what: Buffer | string): never {
  throw new Error(`The server sent what nobody waited for: ${what.toString().slice(0, 200)}`)
}

function upgradeRequest({ port, path }: { port: number; path: string }): string {
  const lines = [
    `GET ${path} HTTP/1.1`,
    `Host: localhost:${port}`,
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
  ]
  return lines.join('\r\n') + END_OF_HEAD
}
