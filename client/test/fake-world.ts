import type { Bump, Change, DownFrame, Snapshot, Welcome } from '@belfry/protocol/down.ts'
import { downText } from '@belfry/protocol/down-text.ts'
import type { Message, Notification, Place, Reaction, Room, Session, User, Workspace } from '@belfry/protocol/rows.ts'
import type { UpFrame } from '@belfry/protocol/up.ts'
import { keepInMemory } from '#kept-in-memory.ts'
import type { Keep, Kept } from '#kept.ts'
import { type ListedRoom, USUAL_PLACE } from '#listed-room.ts'
import type { Socket, World } from '#world.ts'
import { FakeRequest } from './fake-request.ts'

const NOW = Date.UTC(2026, 0, 1)

/** A clock that stands still until it is told to go on. */
export class FakeClock {
  now = NOW
  #timers: { at: number; run: () => void }[] = []

  after(ms: number, run: () => void): () => void {
    const timer = { at: this.now + ms, run }
    this.#timers.push(timer)
    return () => void (this.#timers = this.#timers.filter((other) => other !== timer))
  }

  get waiting(): number {
    return this.#timers.length
  }

  /** The machine sleeps: time has passed, and no timer has run. */
  sleeps(ms: number): void {
    this.now += ms
  }

  async passes(ms: number): Promise<void> {
    const until = this.now + ms
    for (;;) {
      await turn()
      const next = this.#timers.filter(({ at }) => at <= until).toSorted((a, b) => a.at - b.at)[0]
      if (!next) break
      this.#timers = this.#timers.filter((timer) => timer !== next)
      this.now = next.at
      next.run()
    }
    this.now = until
    await turn()
  }
}

/** What the tabs of one browser share: what it keeps, which tells the other tabs, and locks. */
export class FakeBrowser {
  /** Nothing more can be kept; deleting works. */
  isFull = false
  /** Everything is refused. */
  isBroken = false
  /** A frozen tab hears nothing. */
  isSilent = false
  #stall: Promise<void> | null = null
  #stallsAt: 'request' | 'answer' = 'request'
  readonly #keep: Keep
  readonly #locks: { waiting: { name: string; run: () => void }[] }

  /** `beside`: shares all with that one, but the troubles of storage. */
  constructor(beside?: FakeBrowser) {
    this.#keep = beside ? beside.#keep : keepInMemory()
    this.#locks = beside ? beside.#locks : { waiting: [] }
  }

  /** A tab's part of the options. */
  readonly keep: Keep = (userId) => this.#faulty(this.#keep(userId))

  /** A tab's part of a world. */
  get world(): Pick<World, 'hold'> {
    return { hold: (lock, run) => this.#hold(lock, run) }
  }

  /** From now on storage does not answer, until it is told to go on; `at`: nor does it do before then what it is asked for, or it has done so. */
  stalls(at: 'request' | 'answer' = 'request'): () => Promise<void> {
    this.#stallsAt = at
    const stall = Promise.withResolvers<void>()
    this.#stall = stall.promise
    return async () => {
      if (this.#stall === stall.promise) this.#stall = null
      stall.resolve()
      await turn()
    }
  }

  /** Looks into what is kept, as the next page would. */
  kept(userId: string): Kept {
    return this.#keep(userId)
  }

  #faulty(kept: Kept): Kept {
    const ask = <T>(answer: () => Promise<T>, more: boolean): Promise<T> => {
      const now = () => (this.isBroken || (this.isFull && more) ? Promise.reject(new Error('Storage is full.')) : answer())
      if (this.#stall && this.#stallsAt === 'request') return this.#stall.then(now)
      const [stall, answered] = [this.#stall, now()]
      return stall ? stall.then(() => answered) : answered
    }
    return {
      outboxName: kept.outboxName,
      topics: () => ask(() => kept.topics(), false),
      putTopics: (copies) => ask(() => kept.putTopics(copies), true),
      removeTopics: (which) => ask(() => kept.removeTopics(which), false),
      outbox: (changes) =>
        ask(
          () => kept.outbox(changes),
          changes.some(({ is }) => is !== 'removed'),
        ),
      onNews: (listener) => kept.onNews((news) => this.isSilent || listener(news)),
      close: () => kept.close(),
      forget: () => kept.forget(),
    }
  }

  #hold(name: string, run: () => void): () => void {
    const request = { name, run }
    this.#locks.waiting.push(request)
    this.#grant(request)
    return () => {
      this.#locks.waiting = this.#locks.waiting.filter((other) => other !== request)
      this.#grant(this.#locks.waiting.find((other) => other.name === name))
    }
  }

  /** Whoever stands first in the queue holds it. */
  #grant(request: { name: string; run: () => void } | undefined): void {
    const isFirst = () => this.#locks.waiting.find(({ name }) => name === request?.name) === request
    if (request && isFirst()) setImmediate(() => isFirst() && request.run())
  }
}

/** Everything that was promised so far has happened. */
export async function turn(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve))
}

/** The server's end of one socket: a test says what it answers. */
export class FakeSocket implements Socket {
  onopen: ((event: Event) => void) | null = null
  onmessage: ((event: MessageEvent) => void) | null = null
  onclose: ((event: CloseEvent) => void) | null = null
  /** Open, until a test says otherwise. */
  readyState = 1
  readonly got: UpFrame[] = []
  readonly url: string
  isClosed = false

  constructor(url: string) {
    this.url = url
  }

  send(data: string): void {
    this.got.push(JSON.parse(data) as UpFrame)
  }

  close(): void {
    this.isClosed = true
  }

  opens(): void {
    this.onopen?.(new Event('open'))
  }

  tells(...frames: object[]): void {
    for (const frame of frames) this.onmessage?.(new MessageEvent('message', { data: downText(frame as DownFrame) }))
  }

  breaks(code = 1006): void {
    this.onclose?.({ code } as CloseEvent)
  }

  frames<T extends UpFrame['t']>(t: T): Extract<UpFrame, { t: T }>[] {
    return this.got.filter((frame) => frame.t === t) as Extract<UpFrame, { t: T }>[]
  }

  calls(name?: string): { id: number; name: string; input: Record<string, unknown> }[] {
    return this.frames('call').filter((call) => !name || call.name === name) as never
  }

  /** Answers the last call of this name, which may wait for what is kept. */
  async answers(name: string, outcome: { result: unknown } | { refusal: object }): Promise<void> {
    await turn()
    this.tells({ t: 'reply', id: this.calls(name).at(-1)!.id, ...outcome })
    await turn()
  }
}

export class FakeNetwork {
  readonly clock = new FakeClock()
  readonly sockets: FakeSocket[] = []
  readonly requests: FakeRequest[] = []
  readonly world: World
  isUp = true
  random = 0.5
  #wake: (() => void)[] = []
  #hide: (() => void)[] = []

  /** `streams`: what stands in for a socket can be had. */
  constructor({ streams = false } = {}) {
    const { sockets, requests } = this
    this.world = {
      now: () => this.clock.now,
      after: (ms, run) => this.clock.after(ms, run),
      random: () => this.random,
      WebSocket: class extends FakeSocket {
        constructor(url: string) {
          super(url)
          sockets.push(this)
        }
      },
      fetch: streams ? (address, init) => FakeRequest.send(requests, { address, init }) : null,
      isNetworkUp: () => this.isUp,
      onWake: (listener) => {
        this.#wake.push(listener)
        return () => void (this.#wake = this.#wake.filter((other) => other !== listener))
      },
      hold: null,
      onHide: (listener) => {
        this.#hide.push(listener)
        return () => void (this.#hide = this.#hide.filter((other) => other !== listener))
      },
    }
  }

  get socket(): FakeSocket {
    return this.sockets.at(-1)!
  }

  /** Those for a stream. */
  get streams(): FakeRequest[] {
    return this.requests.filter(({ path }) => path.startsWith('/stream?'))
  }

  get stream(): FakeRequest {
    return this.streams.at(-1)!
  }

  /** Commands. */
  get calls(): FakeRequest[] {
    return this.requests.filter(({ path }) => !path.startsWith('/stream?'))
  }

  wakes(): void {
    for (const listener of this.#wake) listener()
  }

  /** The page goes out of sight. */
  hides(): void {
    for (const listener of this.#hide) listener()
  }

  /** The newest socket opens and is welcomed. */
  async welcomes(own: Partial<Welcome> = {}): Promise<FakeSocket> {
    this.socket.opens()
    this.socket.tells(welcome({ serverTime: this.clock.now, ...own }))
    await turn()
    return this.socket
  }
}

export const EPOCH = 'e1'

export function user(id: string, own: Partial<User> = {}): User {
  return {
    id,
    changed: 1,
    username: id,
    name: id,
    role: 'member',
    picture: null,
    importedFrom: null,
    createdAt: 0,
    disabledAt: null,
    ...own,
  }
}

export function session(id: string, own: Partial<Session> = {}): Session {
  return { id, changed: 1, device: id, createdAt: 1, usedAt: 1, endedAt: null, ...own }
}

export function workspace(own: Partial<Workspace> = {}): Workspace {
  return { id: 'workspace', changed: 1, name: 'Belfry', signUp: 'invite', ...own }
}

export function welcome(own: Partial<Welcome> = {}): Welcome {
  const limits = { messageMaxChars: 16_000, frameMaxBytes: 131_072, topicsMax: 128, pingEveryMs: 25_000 }
  return { t: 'welcome', v: 1, connection: 'c1', session: 's1', user: user('alice'), epoch: EPOCH, serverTime: NOW, limits, ...own }
}

export function roomRow(own: Partial<Room> = {}): Room {
  const about = { description: '', kind: 'open', posting: 'members', history: 'whole' } as const
  return { id: 'general', changed: 1, name: 'General', ...about, createdAt: 0, archivedAt: null, ...own }
}

export function place(roomId: string, own: Partial<Place> = {}): Place {
  return { id: roomId, changed: 1, readTo: 0, ...USUAL_PLACE, endedAt: null, ...own }
}

export function bump([prev, seq]: [number, number], messages: Bump['messages']): Bump {
  return { t: 'bump', topic: 'room:general', prev, seq, messages, rows: {} }
}

/** A room as lists have it. */
export function listedRoom(own: Partial<ListedRoom> = {}): ListedRoom {
  const { changed: _, createdAt: __, ...room } = roomRow()
  return {
    ...room,
    seq: 10,
    posted: 0,
    people: null,
    isPair: false,
    role: 'member',
    seesAfter: 0,
    readTo: 0,
    unread: 0,
    ...USUAL_PLACE,
    ...own,
  }
}

export function message(n: number, own: Partial<Message> = {}): Message {
  return {
    id: `m${n}`,
    roomId: 'general',
    n,
    changed: n,
    authorId: 'bob',
    body: `body ${n}`,
    replyTo: null,
    names: {},
    createdAt: n,
    editedAt: null,
    deletedAt: null,
    ...own,
  }
}

export function notification(id: string, own: Partial<Notification> = {}): Notification {
  const text = { title: id, body: null, url: null, key: null, category: null, priority: 'normal' } as const
  return {
    id,
    since: 1,
    changed: 1,
    kind: 'notice',
    ...text,
    createdAt: 1,
    seenAt: null,
    readAt: null,
    archivedAt: null,
    deletedAt: null,
    ...own,
  }
}

export function counts(unread: number, unseen: number, changed = 1) {
  return { id: 'inbox', changed, unread, unseen }
}

/** Bob's, at the message of this number. */
export function reaction(n: number, own: Partial<Reaction> = {}): Reaction {
  const { messageId, userId, emoji } = { messageId: `m${n}`, userId: 'bob', emoji: '👍', ...own }
  const id = `${messageId}:${userId}:${emoji}`
  return { id, changed: n, roomId: 'general', messageId, n, userId, emoji, createdAt: n, endedAt: null, ...own }
}

export function snapshot(topic: string, seq: number, own: Partial<Snapshot> = {}): Snapshot {
  const windows = topic.startsWith('room:') ? { messages: null } : topic.startsWith('user:') ? { unread: null, all: null } : {}
  return { t: 'snapshot', topic, epoch: EPOCH, seq, rows: {}, windows, ...own }
}

export function change(topic: string, [prev, seq]: [number, number], rows: Snapshot['rows']): Change {
  return { t: 'change', topic, prev, seq, rows }
}

export function live(topic: string, seq: number, epoch = EPOCH): DownFrame {
  return { t: 'live', topic, epoch, seq }
}
