import { userTopic } from '@belfry/protocol/topics.ts'

/** One beginning or end of a membership. `seq`: of the room. `fromMs`: when it was first asked for. */
interface Move {
  is: 'in' | 'out'
  seq: number
  fromMs: number
}

/** Who was in which closed room from which of its seqs on: nobody else moves them, so this is all there is to know. */
export class Memberships {
  readonly #moves: Map<string, Map<string, Move[]>>

  /** Left out: nothing is known yet. */
  constructor(known?: Memberships) {
    this.#moves = new Map(known === undefined ? [] : known.#moves)
  }

  /** How people stand in a closed room, each since one of its seqs; what was known of it before is forgotten. */
  begin(roomId: string, members: Iterable<[userId: string, seq: number, is: Move['is']]>): void {
    const moves = [...members].map(([userId, seq, is]): [string, Move[]] => [userId, [{ is, seq, fromMs: 0 }]])
    this.#moves.set(roomId, new Map(moves))
  }

  moved(roomId: string, userId: string, move: Move): void {
    const ofRoom = this.#moves.get(roomId)!
    ofRoom.set(userId, [...(ofRoom.get(userId) ?? []), move])
  }

  isIn(roomId: string, userId: string): boolean {
    return this.#of(roomId, userId)?.at(-1)?.is === 'in'
  }

  /** Whether somebody may read it now: an open room anybody may. */
  mayRead(roomId: string, userId: string): boolean {
    return !this.#moves.has(roomId) || this.isIn(roomId, userId)
  }

  /** Whether somebody is to be told of a topic now: of their own, and of the rooms that they may read. */
  isToldOf(topic: string, userId: string): boolean {
    return topic === userTopic(userId) || (topic.startsWith('room:') && this.mayRead(topic.slice('room:'.length), userId))
  }

  /** Of somebody who is out at this seq: since which, and when their coming back was first asked for; null: they are in. */
  gapAt(roomId: string, userId: string, seq: number): { since: number; untilMs: number } | null {
    if (!this.#moves.has(roomId)) return null
    const moves = this.#of(roomId, userId) ?? []
    const at = moves.findLastIndex((move) => move.seq <= seq)
    if (moves[at]?.is === 'in') return null
    return { since: moves[at]?.seq ?? 0, untilMs: moves[at + 1]?.fromMs ?? Infinity }
  }

  #of(roomId: string, userId: string): Move[] | undefined {
    return this.#moves.get(roomId)?.get(userId)
  }
}
