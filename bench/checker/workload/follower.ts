import { mayComeBack } from '@belfry/protocol/close-codes.ts'
import type { Reply } from '@belfry/protocol/down.ts'
import { PING_EVERY_MS } from '@belfry/protocol/limits.ts'
import { roomTopic, userTopic } from '@belfry/protocol/topics.ts'
import type { Position, UpFrame } from '@belfry/protocol/up.ts'
import { PROTOCOL_VERSION } from '@belfry/protocol/version.ts'
import type { Dice } from '#dice.ts'
import type { Doors } from '#checker/record/doors.ts'
import { RecordedSocket } from '#checker/record/recorded-socket.ts'
import type { Recording } from '#checker/record/recording.ts'

const COME_BACK_MS = 500
const ASK_AGAIN_MS = 2_000
/** How often one that comes back has forgotten all. */
const FORGETS = 0.05
/** How often one asks for what it may not follow. */
const ASKS_IN_VAIN = 0.05

interface Following {
  token: string
  roomIds: readonly string[]
  doors: Doors
  dice: Dice
  mayRead(roomId: string): boolean
}

/** Follows rooms and its person's own topic as PROTOCOL.md says, and keeps nothing but how far it was told: many of them cost little. */
export class Follower {
  readonly recording: Recording
  readonly #how: Following
  #socket: RecordedSocket | null = null
  #held: [topic: string, epoch: string, seq: number][] = []
  #epoch = ''
  /** By the number of the follow. */
  readonly #asked = new Map<number, string>()
  #lastId = 0
  #isOver = false
  readonly #pings = setInterval(() => this.#send({ t: 'ping' }), PING_EVERY_MS)

  constructor(recording: Recording, how: Following) {
    this.recording = recording
    this.#how = how
    this.#connect()
  }

  get isOver(): boolean {
    return this.#isOver
  }

  close(): void {
    this.#isOver = true
    clearInterval(this.#pings)
    this.#socket?.close()
    this.#socket = null
  }

  #connect(): void {
    if (this.#isOver) return
    const socket = new RecordedSocket(this.recording, this.#how.doors)
    this.#socket = socket
    socket.onopen = () => this.#send({ t: 'hello', v: PROTOCOL_VERSION, token: this.#how.token, positions: this.#positions() })
    socket.ontold = ({ topic }, becomes) => becomes === 'a hole' && this.#follow(topic)
    socket.onmessage = ({ data }) => this.#heard(String(data))
    socket.onclose = ({ code }) => this.#lost(code)
  }

  #positions(): Position[] {
    if (this.#how.dice.happens(FORGETS)) this.#held = []
    const held = new Map(this.#held.map((position) => [position[0], position]))
    const topics = [userTopic(this.recording.userId), ...this.#how.roomIds.map(roomTopic)]
    return topics.map((topic): Position => held.get(topic) ?? [topic])
  }

  /** Of what the recording has not looked at already. */
  #heard(text: string): void {
    if (text.startsWith('{"t":"welcome"')) this.#epoch = (JSON.parse(text) as { epoch: string }).epoch
    if (text.startsWith('{"t":"unfollowed"')) this.#followLater((JSON.parse(text) as { topic: string }).topic)
    if (text.startsWith('{"t":"reply"')) this.#answered(JSON.parse(text) as Reply)
  }

  /** Who may not follow was told so before; whoever is to come again comes again. */
  #answered({ id, refusal }: Reply): void {
    const topic = this.#asked.get(id)
    this.#asked.delete(id)
    if (topic !== undefined && refusal && refusal.code !== 'not-found') this.#followLater(topic)
  }

  /** Mostly when it may: a client is told so by its person's own topic, and others ask seldom. */
  #followLater(topic: string): void {
    const socket = this.#socket
    setTimeout(() => {
      if (socket !== this.#socket) return
      if (this.#how.mayRead(topic.slice('room:'.length)) || this.#how.dice.happens(ASKS_IN_VAIN)) this.#follow(topic)
      else this.#followLater(topic)
    }, ASK_AGAIN_MS)
  }

  /** From the start. */
  #follow(topic: string): void {
    this.#asked.set(++this.#lastId, topic)
    this.#send({ t: 'follow', id: this.#lastId, topic })
  }

  #send(frame: UpFrame): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(frame))
  }

  #lost(code: number): void {
    this.#held = [...this.recording.positions.entries()].map(([topic, seq]) => [topic, this.#epoch, seq])
    this.#socket = null
    if (!mayComeBack(code)) return this.close()
    setTimeout(() => this.#connect(), this.#how.dice.below(COME_BACK_MS))
  }
}
