import { downFrameIn } from '@belfry/protocol/down-text.ts'
import { parsePositions } from '@belfry/protocol/positions.ts'
import { ServerEnd } from '#server/test/memory-socket.ts'
import type { TestNode } from '#server/test/test-node.ts'
import { type Air, BYTES_WEIGH, type Observer, type Wire } from './wire.ts'

const API = 'http://localhost'

/** One HTTP request of one client, and its answer: a command's, or a stream without an end. */
export class Exchange implements Wire {
  /** It lies somewhere on the way, and goes on from there whatever becomes of its sender. */
  isHeldUp = false
  readonly #air: Air
  readonly #address: URL
  readonly #init: RequestInit
  readonly #answer = Promise.withResolvers<Response>()
  #stream: ReadableStreamDefaultController<Uint8Array> | null = null
  #server: ServerEnd | null = null
  #isCut = false
  #lastDown = 0

  constructor(air: Air, address: string, init: RequestInit) {
    this.#air = air
    this.#address = new URL(address)
    this.#init = init
    init.signal?.addEventListener('abort', () => this.#abort())
  }

  get answer(): Promise<Response> {
    return this.#answer.promise
  }

  get isStream(): boolean {
    return this.#address.pathname === '/api/v1/stream'
  }

  reaches(node: TestNode, observe: () => Observer): void {
    if (this.#isCut && !this.isHeldUp) return
    if (this.isStream) void this.#streams(node, observe())
    else void this.#calls(node, observe())
  }

  stalls(forMs: number): void {
    if (!this.#server) return
    this.#server.isStalled = true
    this.#air.time.after(forMs, () => this.#server?.flows())
  }

  /** Neither side can reach the other any more. */
  breaks(): void {
    if (this.#isCut) return
    this.#isCut = true
    const { dice, time, weather } = this.#air
    this.#server?.destroy()
    if (dice.happens(weather.silent)) return
    time.after(1 + dice.below(500), () => this.#fails())
  }

  /** What was asked may be done, and its answer lost. */
  async #calls(node: TestNode, observer: Observer): Promise<void> {
    const { method, headers, body } = this.#init as { method: 'GET'; headers: Record<string, string>; body?: string }
    const answer = await node.answers({ method, url: this.#address.href.slice(API.length), headers, ...(body && { payload: body }) })
    const [status, text] = answer === 'busy' ? [503, BUSY] : [answer.statusCode, answer.payload]
    if (status < 300 && text !== '') observer.answered(JSON.parse(text))
    const type = answer === 'busy' ? 'application/problem+json' : String(answer.headers['content-type'])
    this.#down(() => {
      this.#air.wires.delete(this)
      this.#answer.resolve(new Response(status === 204 ? null : text, { status, headers: { 'content-type': type } }))
    })
  }

  async #streams(node: TestNode, observer: Observer): Promise<void> {
    const { epoch, follow } = Object.fromEntries(this.#address.searchParams)
    const positions = parsePositions({ ...(epoch !== undefined && { epoch }), ...(follow !== undefined && { follow }) })!
    const token = (this.#init.headers as Record<string, string>)['authorization']!.slice('Bearer '.length)
    observer.sent({ t: 'hello', v: 1, positions })
    const server = new ServerEnd({
      deliver: (bytes) => this.#deliver(bytes, observer),
      ended: () => this.#down(() => this.#ends()),
      bytesWeigh: BYTES_WEIGH,
    })
    this.#server = server
    // What is told to whoever is known is written in the next turn of the loop, behind this.
    const isKnown = await node.streams(server, token, positions)
    this.#down(() => (isKnown ? this.#begins() : this.#refuses()))
  }

  #begins(): void {
    const body = new ReadableStream<Uint8Array>({ start: (controller) => void (this.#stream = controller) })
    this.#answer.resolve(new Response(body, { headers: { 'content-type': 'text/event-stream' } }))
  }

  #refuses(): void {
    this.#air.wires.delete(this)
    this.#answer.resolve(new Response(SIGNED_OUT, { status: 401, headers: { 'content-type': 'application/problem+json' } }))
  }

  #deliver(bytes: Buffer, observer: Observer): void {
    for (const [, data] of bytes.toString().matchAll(/^data: (.+)$/gm)) observer.told(downFrameIn(data!))
    this.#down(() => this.#stream?.enqueue(bytes))
  }

  #down(arrive: () => void): void {
    this.#lastDown = this.#air.carry(this.#lastDown, this, () => {
      if (!this.#isCut) arrive()
    })
  }

  #ends(): void {
    this.#air.wires.delete(this)
    this.#isCut = true
    this.#stream?.close()
  }

  #fails(): void {
    this.#air.wires.delete(this)
    this.#answer.reject(new TypeError('fetch failed'))
    this.#stream?.error(new TypeError('terminated'))
  }

  /** By the client: what is under way may arrive or not. */
  #abort(): void {
    const error = new DOMException('This operation was aborted', 'AbortError')
    this.#answer.reject(error)
    if (!this.#isCut) this.#stream?.error(error)
    this.#stream = null
    this.#air.wires.delete(this)
    this.#air.time.after(this.#air.dice.below(100), () => this.breaks())
  }
}

const BUSY = JSON.stringify({ code: 'busy', detail: 'Come again.', retryAfterMs: 300 })
const SIGNED_OUT = JSON.stringify({ code: 'unauthenticated', detail: 'Sign in first.' })
