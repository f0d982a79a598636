import { CLOSE } from '@belfry/protocol/close-codes.ts'
import type { DownFrame, Welcome } from '@belfry/protocol/down.ts'
import { downFrameIn } from '@belfry/protocol/down-text.ts'
import { STREAM_PULSE_EVERY_MS, TOPICS_PER_CONNECTION_MAX } from '@belfry/protocol/limits.ts'
import { positionsQuery } from '@belfry/protocol/positions.ts'
import type { RefusalBody } from '@belfry/protocol/refusals.ts'
import { parseTopic } from '@belfry/protocol/topics.ts'
import type { Call, Follow, Hello, UpFrame } from '@belfry/protocol/up.ts'
import { EventStream } from './event-stream.ts'
import { ask, callOverHttp, type Recipient, refusalIn } from './http-call.ts'
import { type Transport, type TransportUser, WITHOUT_A_WORD } from './transport.ts'
import type { World } from './world.ts'

/** Whoever has heard nothing for this long, not even that the stream lives, opens it anew when asked whether it does. */
export const PULSE_LATE_AFTER_MS = STREAM_PULSE_EVERY_MS + 10_000

const NOT_FOLLOWED: RefusalBody = { code: 'not-found', detail: 'There is nothing here to follow.' }

/**
 * Does over HTTP what a WebSocket does: frames come as Server-Sent Events, commands go as requests. What is followed is said when the
 * stream opens; to follow more it is opened anew, from where one stands [F1].
 */
export class Stream implements Transport {
  readonly #world: World
  readonly #url: string
  readonly #user: TransportUser
  readonly #requests = new AbortController()
  /** The one that is read; null: it is over. */
  #reading: AbortController | null = null
  /** It is asked for, and has not been welcomed yet. */
  #isOpening = false
  #isToOpenAgain = false
  #isPinged = false
  #heardAt = 0
  #welcome: Welcome | null = null
  #hello: Hello | null = null
  #named = new Set<string>()
  /** Numbers of follows that wait for their topic to be live. */
  readonly #follows = new Map<string, number[]>()

  constructor(world: World, url: string, user: TransportUser) {
    this.#world = world
    this.#url = url
    this.#user = user
    user.whenReady(() => this.#requests.signal.aborted || this.#open())
  }

  send(frame: UpFrame): void {
    switch (frame.t) {
      case 'call':
        return void this.#call(frame)
      case 'follow':
        return this.#follow(frame)
      case 'ping':
        return this.#ping()
      case 'unfollow':
        return void this.#named.delete(frame.topic) // The next opening does not name it; what comes until then concerns nobody.
      case 'signal':
        return // They are for sockets.
      case 'hello':
        return // Its opening was one.
      default:
        frame satisfies never
    }
  }

  close(): void {
    this.#reading?.abort()
    this.#reading = null
    this.#requests.abort()
  }

  #open(): void {
    this.#reading?.abort()
    const reading = new AbortController()
    this.#reading = reading
    this.#isOpening = true
    this.#isToOpenAgain = false
    this.#hello = this.#user.hello()
    const positions = this.#hello.positions.filter(([topic]) => parseTopic(topic))
    this.#named = new Set(positions.map(([topic]) => topic))
    for (const topic of this.#follows.keys()) if (!this.#named.has(topic)) this.#refuse(topic)
    void this.#read(reading, `/stream?v=${this.#hello.v}&${positionsQuery(positions)}`)
  }

  async #read(reading: AbortController, path: string): Promise<void> {
    const opened = await this.#begin({ method: 'GET', path }, this.#recipient(reading))
    if (reading !== this.#reading) return
    if (typeof opened === 'number') return this.#end(opened)
    const events = new EventStream((data) => {
      if (reading === this.#reading) this.#take(downFrameIn(data))
    })
    const decoder = new TextDecoder()
    for (let bytes = await nextOf(opened); bytes; bytes = await nextOf(opened)) {
      this.#heardAt = this.#world.now()
      events.take(decoder.decode(bytes, { stream: true }))
    }
    if (reading === this.#reading) this.#end(WITHOUT_A_WORD)
  }

  /** What to read, or the close code that its refusal amounts to. */
  async #begin(request: { method: string; path: string }, to: Recipient): Promise<ReadableStreamDefaultReader<Uint8Array> | number> {
    try {
      const response = await ask(this.#world, to, request)
      if (!response.ok) return codeOf(await refusalIn(response))
      const isOurs = response.headers.get('content-type')?.startsWith('text/event-stream')
      return isOurs && response.body ? response.body.getReader() : WITHOUT_A_WORD
    } catch {
      return WITHOUT_A_WORD
    }
  }

  #recipient({ signal }: AbortController): Recipient {
    return { url: this.#url, token: this.#hello?.token, signal }
  }

  #take(frame: DownFrame): void {
    if (frame.t === 'close') return this.#end(frame.code)
    if (frame.t === 'welcome') return this.#welcomed(frame)
    this.#user.took(frame)
    if (frame.t === 'live') this.#settle(frame.topic, { result: null })
    if (frame.t === 'unfollowed') this.#settle(frame.topic, { refusal: NOT_FOLLOWED })
  }

  /** Only the first welcome is news, unless it is of another database or for somebody else: then all begins anew. */
  #welcomed(frame: Welcome): void {
    const before = this.#welcome
    if (before && (before.epoch !== frame.epoch || before.user.id !== frame.user.id)) return this.#end(WITHOUT_A_WORD)
    this.#isOpening = false
    this.#welcome ??= frame
    if (!before) this.#user.took(frame)
    if (this.#isPinged) this.#pong()
    if (this.#isToOpenAgain) this.#open()
  }

  /** Follows of one turn are one opening; those that come while it is under way are the next. */
  #follow({ id, topic }: Follow): void {
    this.#follows.set(topic, [...(this.#follows.get(topic) ?? []), id])
    const isFull = this.#named.size >= TOPICS_PER_CONNECTION_MAX && !this.#named.has(topic)
    if (isFull || !parseTopic(topic)) return queueMicrotask(() => this.#refuse(topic))
    if (this.#isToOpenAgain) return
    this.#isToOpenAgain = true
    queueMicrotask(() => {
      if (this.#isToOpenAgain && !this.#isOpening && this.#reading) this.#open()
    })
  }

  /** As the server would. */
  #refuse(topic: string): void {
    this.#user.took({ t: 'unfollowed', topic, reason: parseTopic(topic) ? 'too-many' : 'not-found' })
    this.#settle(topic, { refusal: NOT_FOLLOWED })
  }

  #settle(topic: string, outcome: { result: null } | { refusal: RefusalBody }): void {
    const ids = this.#follows.get(topic) ?? []
    this.#follows.delete(topic)
    for (const id of ids) this.#user.took({ t: 'reply', id, ...outcome })
  }

  #ping(): void {
    this.#isPinged = true
    if (this.#isOpening) return
    if (this.#world.now() - this.#heardAt > PULSE_LATE_AFTER_MS) this.#open()
    else this.#pong()
  }

  #pong(): void {
    this.#isPinged = false
    this.#user.took({ t: 'pong' })
  }

  /** What got no answer may have been done or not, as when a socket breaks: so it breaks. */
  async #call({ id, name, input }: Call): Promise<void> {
    const answer = await callOverHttp(this.#world, this.#recipient(this.#requests), { name, input }).catch(() => null)
    if (!this.#reading) return
    if (answer) this.#user.took({ t: 'reply', id, ...answer })
    else this.#end(WITHOUT_A_WORD)
  }

  #end(code: number): void {
    if (!this.#reading) return
    this.close()
    this.#user.closed(code)
  }
}

function codeOf({ code }: RefusalBody): number {
  if (code === 'unauthenticated') return CLOSE.unauthenticated
  if (code === 'version') return CLOSE.version
  return code === 'malformed' ? CLOSE.protocol : WITHOUT_A_WORD
}

/** Null: it is over, or was broken off. */
async function nextOf(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<Uint8Array | null> {
  try {
    const { value } = await reader.read()
    return value ?? null
  } catch {
    return null
  }
}
