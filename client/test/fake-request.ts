import type { DownFrame } from '@belfry/protocol/down.ts'
import { downText } from '@belfry/protocol/down-text.ts'

const API = '/api/v1'

/** The server's end of one request: a test says what it answers. */
export class FakeRequest {
  readonly method: string
  /** Below `/api/v1`, with the query. */
  readonly path: string
  readonly headers: Record<string, string>
  readonly body: unknown
  isAborted = false
  readonly #answer = Promise.withResolvers<Response>()
  #stream: ReadableStreamDefaultController<Uint8Array> | null = null

  private constructor(address: string, init: RequestInit) {
    const { pathname, search } = new URL(address)
    this.method = init.method ?? 'GET'
    this.path = pathname.slice(API.length) + search
    this.headers = init.headers as Record<string, string>
    this.body = init.body === undefined ? undefined : JSON.parse(init.body as string)
    init.signal?.addEventListener('abort', () => this.#abort())
  }

  static send(sent: FakeRequest[], { address, init }: { address: string; init: RequestInit }): Promise<Response> {
    const request = new FakeRequest(address, init)
    sent.push(request)
    return request.#answer.promise
  }

  /** What a stream's address says is followed. */
  get follow(): string[] {
    const query = new URLSearchParams(this.path.split('?')[1])
    return (query.get('follow') ?? '').split(',')
  }

  /** A stream begins. */
  begins(type = 'text/event-stream'): this {
    const body = new ReadableStream<Uint8Array>({ start: (controller) => void (this.#stream = controller) })
    this.#answer.resolve(new Response(body, { headers: { 'content-type': type } }))
    return this
  }

  async tells(...frames: (DownFrame | object)[]): Promise<void> {
    await this.sendsText(frames.map((frame) => `data: ${downText(frame as DownFrame)}\n\n`).join(''))
  }

  async sendsText(text: string): Promise<void> {
    await this.sendsBytes(new TextEncoder().encode(text))
  }

  async sendsBytes(bytes: Uint8Array): Promise<void> {
    this.#stream!.enqueue(bytes)
    await settled()
  }

  /** A stream ends without a word. */
  async ends(): Promise<void> {
    this.#stream!.close()
    await settled()
  }

  async answers(status: number, body?: unknown): Promise<void> {
    const text = body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body)
    const type = typeof body === 'string' ? 'text/html' : status < 400 ? 'application/json' : 'application/problem+json'
    this.#answer.resolve(new Response(text, { status, headers: { 'content-type': type } }))
    await settled()
  }

  /** The network refuses, or breaks. */
  async fails(): Promise<void> {
    this.#answer.reject(new TypeError('fetch failed'))
    this.#stream?.error(new TypeError('terminated'))
    await settled()
  }

  #abort(): void {
    this.isAborted = true
    const error = new DOMException('This operation was aborted', 'AbortError')
    this.#answer.reject(error)
    this.#stream?.error(error)
  }
}

/** All that was said has been read. */
async function settled(): Promise<void> {
  for (let turns = 0; turns < 3; turns++) await new Promise((resolve) => setImmediate(resolve))
}
