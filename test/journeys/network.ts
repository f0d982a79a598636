import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

interface Destination {
  /** Where the server listens now; it may be another one after a restart. */
  port(): number
  scheme?: 'https'
}

/** The line between one browser and the server: real connections, which can be cut or go dead, and a record of what came down. */
export class Network implements AsyncDisposable {
  readonly #to: Destination
  readonly #lines = createServer((near) => this.#join(near))
  readonly #sockets = new Set<Socket>()
  readonly #received: Buffer[] = []
  #state: 'up' | 'cut' | 'dead' = 'up'
  #blocked: 'refused' | 'swallowed' | null = null

  private constructor(to: Destination) {
    this.#to = to
  }

  static async open(to: Destination): Promise<Network> {
    const network = new Network(to)
    network.#lines.listen(0, '127.0.0.1')
    await once(network.#lines, 'listening')
    return network
  }

  /** The server as this browser reaches it. */
  get url(): string {
    return `${this.#to.scheme ?? 'http'}://localhost:${(this.#lines.address() as AddressInfo).port}`
  }

  /** Every byte that came from the server so far. */
  get received(): Buffer {
    return Buffer.concat(this.#received)
  }

  /** Connections break, and new ones are refused. */
  cut(): void {
    this.#state = 'cut'
    for (const socket of this.#sockets) socket.destroy()
  }

  /** Connections stand, and nothing passes: as on a train in a tunnel. */
  goDead(): void {
    this.#state = 'dead'
    for (const socket of this.#sockets) socket.pause()
  }

  /** From now on there is a proxy on the line that knows no WebSockets: it refuses them, or swallows them in silence. Null: it lets them pass. */
  block(webSockets: 'refused' | 'swallowed' | null): void {
    this.#blocked = webSockets
  }

  restore(): void {
    this.#state = 'up'
    for (const socket of this.#sockets) socket.resume()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cut()
    this.#lines.close()
    await once(this.#lines, 'close')
  }

  #join(near: Socket): void {
    if (this.#state === 'cut') return void near.destroy()
    const far = connect(this.#to.port(), '127.0.0.1')
    this.#pass(near, far)
    this.#pass(far, near)
    near.on('data', (bytes) => this.#carry(bytes, { near, far }))
    far.on('data', (bytes) => near.write(bytes))
    far.on('data', (bytes) => this.#received.push(bytes))
    if (this.#state === 'dead') for (const socket of [near, far]) socket.pause()
  }

  #carry(bytes: Buffer, { near, far }: { near: Socket; far: Socket }): void {
    if (!this.#blocked || !bytes.toString('latin1').startsWith('GET /api/v1/socket')) return void far.write(bytes)
    if (this.#blocked === 'refused') near.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n')
  }

  #pass(from: Socket, to: Socket): void {
    this.#sockets.add(from)
    from.setNoDelay(true)
    from.on('end', () => to.end())
    from.on('error', () => to.destroy())
    from.on('close', () => {
      this.#sockets.delete(from)
      to.destroy()
    })
  }
}
