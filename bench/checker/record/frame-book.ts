import { appendFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Bump, Change, Snapshot } from '@belfry/protocol/down.ts'
import { downFrameIn } from '@belfry/protocol/down-text.ts'
import { linesIn } from './lines.ts'
import { type Seen, type Told, toldBy } from './told.ts'

const RECENT_MAX = 5_000
const KEPT_TOGETHER = 500

interface Known {
  number: number
  told: Told
}

/** A frame as it is written down: a state of a row is written once, and named by its number wherever it was told. */
type Written = Omit<Told, 'rows'> & { rows: number[] }

/** Frames do not depend on their receivers [P1]: each is digested and written once, and whoever is told it notes its number. */
export class FrameBook {
  readonly #frames: Lines
  readonly #rows: Lines
  readonly #rowNumbers = new Map<string, number>()
  #recent = new Map<string, Known>()
  /** The next older ones; what is in neither gets another number when it comes again. */
  #older = new Map<string, Known>()

  constructor(folder: string) {
    this.#frames = new Lines(framesPath(folder))
    this.#rows = new Lines(rowsPath(folder))
  }

  get count(): number {
    return this.#frames.count
  }

  /** The text of a frame, and what it says. */
  take(text: string): Known {
    const known = this.#recent.get(text) ?? this.#older.get(text) ?? this.#write(text)
    this.#recent.set(text, known)
    if (this.#recent.size > RECENT_MAX) [this.#older, this.#recent] = [this.#recent, new Map()]
    return known
  }

  flush(): void {
    this.#rows.flush()
    this.#frames.flush()
  }

  #write(text: string): Known {
    const told = toldBy(downFrameIn(text) as Snapshot | Change | Bump)
    const written: Written = { ...told, rows: told.rows.map((row) => this.#rowNumber(row)) }
    return { number: this.#frames.add(written), told }
  }

  #rowNumber(row: Seen): number {
    const state = `${row.id} ${row.n} ${row.changed} ${row.text}`
    const number = this.#rowNumbers.get(state) ?? this.#rows.add(row)
    this.#rowNumbers.set(state, number)
    return number
  }
}

/** Written some at a time; each has its number, from 0. */
class Lines {
  readonly #path: string
  readonly #unwritten: string[] = []
  #count = 0

  constructor(path: string) {
    this.#path = path
    writeFileSync(path, '')
  }

  get count(): number {
    return this.#count
  }

  add(line: object): number {
    this.#unwritten.push(`${JSON.stringify(line)}\n`)
    if (this.#unwritten.length >= KEPT_TOGETHER) this.flush()
    return this.#count++
  }

  flush(): void {
    appendFileSync(this.#path, this.#unwritten.splice(0).join(''))
  }
}

/** All that was told in a run, by number; a state of a row is one object wherever it stands. */
export function framesIn(folder: string): Told[] {
  const rows = [...linesIn<Seen>(rowsPath(folder))]
  return [...linesIn<Written>(framesPath(folder)).map((frame) => ({ ...frame, rows: frame.rows.map((at) => rows[at]!) }))]
}

function framesPath(folder: string): string {
  return join(folder, 'frames.jsonl')
}

function rowsPath(folder: string): string {
  return join(folder, 'rows.jsonl')
}
