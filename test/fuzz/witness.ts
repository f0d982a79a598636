import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Bump, Change, Snapshot } from '@belfry/protocol/down.ts'
import type { UpFrame } from '@belfry/protocol/up.ts'
import type { Device } from '#server/test/world.ts'
import type { Observer } from './wire.ts'

/** What the server may tell whom, looked up in the database at the moment at which it tells. */
export class Truth {
  readonly #file: DatabaseSync

  constructor(folder: string) {
    this.#file = new DatabaseSync(join(folder, 'belfry.sqlite'), { readOnly: true })
  }

  /** The seq at which somebody lost the right to read a room, by their own going or by its closing; null while they have it. */
  readingEnd(roomId: string, userId: string): number | null {
    const room = this.#file.prepare('SELECT kind, changed FROM rooms WHERE id = ?').get(roomId)
    if (!room || room.kind === 'open') return null
    const end = this.#end('SELECT changed, endedAt FROM members WHERE roomId = ? AND id = ?', roomId, userId)
    return end === null ? null : Math.max(end, Number(room.changed))
  }

  /** As of which seq somebody sees no messages of a closed room up to which number; null: they see all. */
  sight(roomId: string, userId: string): { since: number; after: number } | null {
    const room = this.#file.prepare('SELECT kind, changed FROM rooms WHERE id = ?').get(roomId)
    const member = this.#file.prepare('SELECT changed, seesAfter FROM members WHERE roomId = ? AND id = ?').get(roomId, userId)
    if (!room || room.kind === 'open' || !member) return null
    return { since: Math.max(Number(member.changed), Number(room.changed)), after: Number(member.seesAfter) }
  }

  sessionEnd(sessionId: string): number | null {
    return this.#end('SELECT changed, endedAt FROM sessions WHERE id = ?', sessionId)
  }

  close(): void {
    this.#file.close()
  }

  #end(sql: string, ...keys: string[]): number | null {
    const row = this.#file.prepare(sql).get(...keys)
    if (!row) return 0
    return row.endedAt === null ? null : Number(row.changed)
  }
}

/** Watches one device: no hole in any topic of a connection, nothing that is not theirs. */
export class Witness {
  readonly faults: string[] = []
  /** As the client's last hello said them. */
  lastPositions = new Map<string, { epoch: string; seq: number }>()
  readonly #who: { name: string; userId: string; device(): Device }
  readonly #truth: Truth

  constructor(who: { name: string; userId: string; device(): Device }, truth: Truth) {
    this.#who = who
    this.#truth = truth
  }

  /** Another connection: the one before may not be over yet. */
  watches(): Observer {
    const positions = new Map<string, number>()
    const { sessionId } = this.#who.device()
    return {
      sent: (frame) => this.#sent(frame, positions),
      told: (frame) => {
        if (frame.t === 'bump') this.#expectMember(frame)
        if (frame.t !== 'snapshot' && frame.t !== 'change') return
        this.#expectOwn(frame, sessionId)
        this.#expectNoHole(frame, positions)
      },
    }
  }

  #sent(frame: UpFrame, positions: Map<string, number>): void {
    if (frame.t === 'follow' && frame.seq !== undefined) positions.set(frame.topic, frame.seq)
    if (frame.t !== 'hello') return
    this.lastPositions = new Map()
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
    if (topic !== 'room:cellar') return
    const end = this.#truth.readingEnd('cellar', userId)
    const late = rows.message?.find((row) => end !== null && row.changed >= end)
    if (late) this.faults.push(`[A2] ${name} was told message ${late.changed} of ${topic}, out since ${end}`)
    const sight = this.#truth.sight('cellar', userId)
    const unseen = rows.message?.find((row) => sight && row.changed > sight.since && row.n <= sight.after)
    if (unseen) this.faults.push(`[A1] ${name} was told message number ${unseen.n} of ${topic}, who sees those after ${sight?.after}`)
  }
}
