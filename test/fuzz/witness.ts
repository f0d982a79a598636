import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Bump, Change, DownSignal, Snapshot } from '@belfry/protocol/down.ts'
import type { Message, User } from '@belfry/protocol/rows.ts'
import type { UpFrame } from '@belfry/protocol/up.ts'
import { textOf } from '@belfry/server/notifications/listeners.ts'
import { ASK_AGAIN_AFTER_MS } from '@belfry/server/realtime/looks.ts'
import type { Device } from '#server/test/world.ts'
import type { Observer } from './wire.ts'

/** What the server may tell whom, looked up in the database at the moment at which it tells. */
export class Truth {
  /** When rooms were last closed that had been open: who was no member read them until then. */
  readonly closedAt = new Map<string, number>()
  readonly #now: () => number
  readonly #file: DatabaseSync

  constructor(folder: string, now: () => number) {
    this.#now = now
    this.#file = new DatabaseSync(join(folder, 'belfry.sqlite'), { readOnly: true })
  }

  /** The seq at which somebody lost the right to read a room, by their own going or by its closing; null while they have it. */
  readingEnd(roomId: string, userId: string): number | null {
    const room = this.#file.prepare('SELECT kind, changed FROM rooms WHERE id = ?').get(roomId)
    if (!room || (room.kind === 'open' && !this.#isGuest(userId))) return null
    const end = this.#end('SELECT changed, endedAt FROM members WHERE roomId = ? AND id = ?', roomId, userId)
    if (end === null || room.kind === 'open') return end
    return Math.max(end, Number(room.changed))
  }

  /** As of which seq somebody sees no messages of a closed room up to which number; null: they see all. */
  sight(roomId: string, userId: string): { since: number; after: number } | null {
    const room = this.#file.prepare('SELECT kind, changed FROM rooms WHERE id = ?').get(roomId)
    const member = this.#file.prepare('SELECT changed, seesAfter FROM members WHERE roomId = ? AND id = ?').get(roomId, userId)
    if (!room || room.kind === 'open' || !member) return null
    return { since: Math.max(Number(member.changed), Number(room.changed)), after: Number(member.seesAfter) }
  }

  /** A message as it stands. */
  message(id: string): Pick<Message, 'roomId' | 'n' | 'changed' | 'body'> | null {
    const row = this.#file.prepare('SELECT roomId, n, changed, body FROM messages WHERE id = ?').get(id)
    return (row as Pick<Message, 'roomId' | 'n' | 'changed' | 'body'> | undefined) ?? null
  }

  sessionEnd(sessionId: string): number | null {
    return this.#end('SELECT changed, endedAt FROM sessions WHERE id = ?', sessionId)
  }

  /** For how long somebody has not been a member of a room: 0 while they are, Infinity if they never were. */
  outForMs(roomId: string, userId: string): number {
    return this.#sinceMs('SELECT endedAt FROM members WHERE roomId = ? AND id = ?', roomId, userId)
  }

  /** For how long somebody has not been allowed to read a room. */
  blindForMs(roomId: string, userId: string): number {
    const outForMs = this.outForMs(roomId, userId)
    if (this.#isGuest(userId)) return outForMs
    const room = this.#file.prepare('SELECT kind FROM rooms WHERE id = ?').get(roomId)
    return room?.kind === 'open' ? 0 : Math.min(outForMs, this.#now() - (this.closedAt.get(roomId) ?? -Infinity))
  }

  /** For how long two people have shared no room. */
  apartForMs(userId: string, otherId: string): number {
    if (userId === otherId) return 0
    const ends = `SELECT CASE WHEN own.endedAt IS NULL THEN theirs.endedAt WHEN theirs.endedAt IS NULL THEN own.endedAt
      ELSE min(own.endedAt, theirs.endedAt) END AS endedAt
      FROM members own JOIN members theirs ON theirs.roomId = own.roomId WHERE own.id = ? AND theirs.id = ?`
    return this.#sinceMs(ends, userId, otherId)
  }

  /** For how long a guest has known nothing of somebody: they are in no room where the other is or was. */
  strangerForMs(guestId: string, otherId: string): number {
    if (guestId === otherId) return 0
    const ends = 'SELECT own.endedAt FROM members own JOIN members theirs ON theirs.roomId = own.roomId WHERE own.id = ? AND theirs.id = ?'
    return this.#sinceMs(ends, guestId, otherId)
  }

  close(): void {
    this.#file.close()
  }

  #isGuest(userId: string): boolean {
    return this.#file.prepare('SELECT role FROM users WHERE id = ?').get(userId)?.role === 'guest'
  }

  /** Since the last of these ends; 0: one has not ended; Infinity: there is none. */
  #sinceMs(sql: string, ...keys: string[]): number {
    const ends = this.#file.prepare(sql).all(...keys)
    return Math.min(...ends.map(({ endedAt }) => (endedAt === null ? 0 : this.#now() - Number(endedAt))))
  }

  #end(sql: string, ...keys: string[]): number | null {
    const row = this.#file.prepare(sql).get(...keys)
    if (!row) return 0
    return row.endedAt === null ? null : Number(row.changed)
  }
}

/** The key of what a message has rung. */
const RUNG = 'message:'

/** A reader stalls for 6.5 seconds at most, before which a node may have waited for its rows a few times: what was so then may be told. */
const UNDER_WAY_MS = 8_000
/** A feed that has not heard of a member's end looks within two rounds of sweeps. */
const TYPING_LATE_MS = UNDER_WAY_MS + 2 * 12_000
/** Whoever looks has their right asked for again after half a minute, when next something is told. */
const PRESENCE_LATE_MS = UNDER_WAY_MS + ASK_AGAIN_AFTER_MS + 10_000

interface Watched {
  name: string
  userId: string
  isGuest: boolean
  device(): Device
}

/** Watches one device: no hole in any topic of a connection, nothing that is not theirs. */
export class Witness {
  readonly faults: string[] = []
  /** As the client's last hello said them. */
  lastPositions = new Map<string, { epoch: string; seq: number }>()
  /** Whose presence the client has asked for on its last connection. */
  lookedAt = new Set<string>()
  readonly #who: Watched
  readonly #truth: Truth
  readonly #used: Set<string>

  constructor(who: Watched, { truth, used }: { truth: Truth; used: Set<string> }) {
    this.#who = who
    this.#truth = truth
    this.#used = used
  }

  /** Another connection: the one before may not be over yet. */
  watches(): Observer {
    const positions = new Map<string, number>()
    const { sessionId } = this.#who.device()
    return {
      sent: (frame) => this.#sent(frame, positions),
      told: (frame) => {
        if (frame.t === 'bump') this.#expectMember(frame)
        if (frame.t === 'signal') this.#expectSignal(frame)
        if (frame.t === 'reply') this.#expectAnswer(frame.result)
        if (frame.t !== 'snapshot' && frame.t !== 'change') return
        this.#expectOwn(frame, sessionId)
        this.#expectNoHole(frame, positions)
      },
      answered: (result) => this.#expectAnswer(result),
    }
  }

  #sent(frame: UpFrame, positions: Map<string, number>): void {
    if (frame.t === 'call') this.#used.add(frame.name)
    if (frame.t === 'signal' && frame.name === 'look') this.lookedAt = new Set(frame.ids)
    if (frame.t === 'follow' && frame.seq !== undefined) positions.set(frame.topic, frame.seq)
    if (frame.t !== 'hello') return
    this.lastPositions = new Map()
    this.lookedAt = new Set()
    for (const [topic, epoch, seq] of frame.positions) {
      if (epoch === undefined || seq === undefined) continue
      positions.set(topic, seq)
      this.lastPositions.set(topic, { epoch, seq })
    }
  }

  #expectNoHole(frame: Snapshot | Change, positions: Map<string, number>): void {
    const { topic, seq, part } = frame
    const held = positions.get(topic)
    if (frame.t === 'change' && (held === undefined || frame.prev > held)) {
      this.faults.push(`[F1] ${this.#who.name} at ${topic} ${held} was told ${frame.prev}–${seq}`)
    }
    if (!part || part[0] === part[1] - 1) positions.set(topic, frame.t === 'snapshot' ? seq : Math.max(held ?? 0, seq))
  }

  /** Whoever only watches a room is told of it as long as they may read it. */
  #expectMember({ topic, messages }: Bump): void {
    const end = this.#truth.readingEnd(topic.slice('room:'.length), this.#who.userId)
    const late = messages?.find(([, , changed]) => end !== null && changed >= end)
    if (late) this.faults.push(`[A2] ${this.#who.name} was bumped with ${late[2]} of ${topic}, out since ${end}`)
  }

  #expectOwn({ topic, rows, seq }: Snapshot | Change, sessionId: string): void {
    const { name, userId } = this.#who
    if (topic.startsWith('user:')) {
      if (topic !== `user:${userId}`) this.faults.push(`[A1] ${name} was told rows of ${topic}`)
      const end = this.#truth.sessionEnd(sessionId)
      if (end !== null && seq >= end) this.faults.push(`[A4] ${name} was told ${topic} ${seq}, signed out at ${end}`)
    }
    for (const { key, body } of rows.notification ?? []) if (key?.startsWith(RUNG) && body) this.#expectRung(key.slice(RUNG.length), body)
    this.#expectKnown(rows.user ?? [], topic)
    if (topic.startsWith('room:')) this.#expectReader(topic.slice('room:'.length), rows.message ?? [])
  }

  /** People and messages for which somebody asked, they may see. */
  #expectAnswer(result: unknown): void {
    const items = itemsOf(result)
    this.#expectKnown(
      items.filter((item) => 'username' in item),
      'an answer',
    )
    const messages = items.filter((item) => 'roomId' in item && 'n' in item)
    for (const [roomId, ofRoom] of Map.groupBy(messages, (message) => message.roomId)) this.#expectReader(roomId, ofRoom)
  }

  #expectReader(roomId: string, messages: Pick<Message, 'n' | 'changed'>[]): void {
    const { name, userId } = this.#who
    const end = this.#truth.readingEnd(roomId, userId)
    const late = messages.find((row) => end !== null && row.changed >= end)
    if (late) this.faults.push(`[A2] ${name} was told message ${late.changed} of ${roomId}, out since ${end}`)
    const sight = this.#truth.sight(roomId, userId)
    const unseen = messages.find((row) => sight && row.changed > sight.since && row.n <= sight.after)
    if (unseen) this.faults.push(`[A1] ${name} was told message number ${unseen.n} of ${roomId}, who sees those after ${sight?.after}`)
  }

  /** What rang says a message's newer texts as long as one may read them. */
  #expectRung(id: string, body: string): void {
    const message = this.#truth.message(id)
    if (message && textOf(message) === body) this.#expectReader(message.roomId, [message])
  }

  /** A guest is told of the people alone who are or were in a room of theirs. */
  #expectKnown(people: Pick<User, 'id' | 'username'>[], by: string): void {
    const { name, userId, isGuest } = this.#who
    if (!isGuest) return
    const stranger = people.find(({ id }) => this.#truth.strangerForMs(userId, id) > UNDER_WAY_MS)
    if (stranger) this.faults.push(`[A1] ${name} was told of ${stranger.username} by ${by}`)
  }

  #expectSignal(signal: DownSignal): void {
    const { name, userId } = this.#who
    const truth = this.#truth
    if (signal.name === 'presence') {
      const known = signal.people.filter(([, state]) => state !== 'unknown')
      const stranger = known.find(([id]) => truth.apartForMs(userId, id) > PRESENCE_LATE_MS)
      if (stranger) this.faults.push(`[A1] ${name} was told that ${stranger[0]} is ${stranger[1]}, with whom they share no room`)
      return
    }
    const roomId = signal.topic.slice('room:'.length)
    if (signal.userId === userId) this.faults.push(`${name} was told that they type themselves`)
    if (truth.outForMs(roomId, signal.userId) > UNDER_WAY_MS)
      this.faults.push(`[A1] ${name} was told that ${signal.userId} types in ${roomId}`)
    if (truth.blindForMs(roomId, userId) > TYPING_LATE_MS) this.faults.push(`[A2] ${name} was told who types in ${roomId}`)
  }
}

/** The rows of a list that answers a command, whatever they are of. */
function itemsOf(result: unknown): (User & Message)[] {
  const { items = [] } = (result ?? {}) as { items?: (User & Message)[] }
  return items
}
