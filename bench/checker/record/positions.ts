import type { Told } from './told.ts'

/** How far one connection was told of its topics, by what is said on it. */
export class Positions {
  readonly #seqs = new Map<string, number>()
  /** Of a change or snapshot in parts: which part comes next. */
  readonly #parts = new Map<string, { seq: number; next: number }>()

  /** Begins to follow; null: from the start. */
  follows(topic: string, seq: number | null): void {
    if (seq === null) this.#seqs.delete(topic)
    else this.#seqs.set(topic, seq)
  }

  leaves(topic: string): void {
    this.#seqs.delete(topic)
    this.#parts.delete(topic)
  }

  /** What becomes of a frame: it is taken, or it fits to nothing that came before it [F1]. */
  take(told: Told): 'taken' | 'a hole' {
    const { t, topic, prev, seq, part } = told
    if (t === 'bump') return 'taken'
    if (t === 'change' && prev > (this.#seqs.get(topic) ?? -1)) return 'a hole'
    if (part && !this.#isNext(topic, seq, part)) return 'a hole'
    if (!part || part[0] === part[1] - 1) this.#seqs.set(topic, t === 'snapshot' ? seq : Math.max(seq, this.#seqs.get(topic)!))
    return 'taken'
  }

  of(topic: string): number | null {
    return this.#seqs.get(topic) ?? null
  }

  entries(): Iterable<[topic: string, seq: number]> {
    return this.#seqs
  }

  #isNext(topic: string, seq: number, [at]: [number, number]): boolean {
    const expected = this.#parts.get(topic)
    this.#parts.set(topic, { seq, next: at + 1 })
    return at === 0 || (expected?.seq === seq && expected.next === at)
  }
}
