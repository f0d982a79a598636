import type { Deal, Link, Way } from './link.ts'
import type { Unit } from './protocol.ts'

/** A moment of a write, as whoever stands on a line sees it pass. */
export interface Moment {
  name: string
  /** To which part goes the line on which it is seen. */
  on: 'node' | 'postgres'
  /** Whether it has come with this unit; asked of each unit that passes, in order. */
  watch(): (unit: Unit, way: Way) => boolean
  /** Whether that unit still arrives. */
  passes: boolean
}

/** What PostgreSQL was asked for and has answered of one connection's transaction. */
interface Course {
  hasWritten: boolean
  isCommitted: boolean
}

const WRITTEN = /^C (INSERT|UPDATE|DELETE)/

export const inBatch = onPostgres({
  name: 'in the middle of a batch',
  has: ({ kind }) => WRITTEN.test(kind),
  passes: false,
})

export const beforeCommit = onPostgres({
  name: 'before the commit has arrived',
  has: ({ kind }, { hasWritten }) => hasWritten && kind === 'Q COMMIT',
  passes: false,
})

/** It is stored, and whoever wrote it does not know. */
export const duringCommit = onPostgres({
  name: 'before the commit is answered',
  has: ({ kind }, { hasWritten }) => hasWritten && kind === 'Q COMMIT',
  passes: true,
})

/** With the word that the connection takes another query. */
export const afterCommit = onPostgres({
  name: 'between commit and announcement',
  has: ({ kind }, { isCommitted }) => isCommitted && kind === 'Z',
  passes: true,
})

/** On the line to the node: the answer to who has written. */
export const afterAnswer: Moment = {
  name: 'after the answer',
  on: 'node',
  watch:
    () =>
    ({ kind, bytes }) =>
      kind === 'frame' ? bytes.includes('"t":"reply"') : kind === 'piece' && /^HTTP\/1\.1 20[01] /.test(bytes.toString('latin1', 0, 20)),
  passes: true,
}

/** Somebody writes all the time. */
const COMES_WITHIN_MS = 10_000

/** Waits for the moment to come on one of the links, does `act` in it, and answers which link it was. Its line goes on unless that cuts it. */
export async function springs(links: readonly Link[], moment: Moment, act: (at: number, cut: () => void) => void): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  const late = setTimeout(() => reject(new Error(`Nothing was written: there was no moment ${moment.name}.`)), COMES_WITHIN_MS)
  const disarm = () => links.forEach((link) => link.deal(null))
  for (const [at, link] of links.entries())
    link.deal(
      trapFor(moment, (cut) => {
        disarm()
        act(at, cut)
        resolve(at)
      }),
    )
  return promise.finally(() => {
    clearTimeout(late)
    disarm()
  })
}

/** Once it has come it is not watched for any longer; `act` is given what ends the connection. */
function trapFor(moment: Moment, act: (cut: () => void) => void): Deal {
  const hasCome = moment.watch()
  return (unit, way) => {
    if (!hasCome(unit, way)) return [unit.bytes]
    let isCut = false
    act(() => {
      isCut = true
      way.cut(moment.passes ? unit.bytes : undefined)
    })
    return isCut ? [] : [unit.bytes]
  }
}

interface OnPostgres {
  name: string
  has(unit: Unit, course: Course): boolean
  passes: boolean
}

function onPostgres({ name, has, passes }: OnPostgres): Moment {
  return { name, on: 'postgres', passes, watch }

  function watch(): (unit: Unit, way: Way) => boolean {
    const courses = new WeakMap<object, Course>()
    return (unit, { line }) => {
      const course = courses.get(line) ?? { hasWritten: false, isCommitted: false }
      courses.set(line, course)
      const is = has(unit, course)
      goOn(course, unit.kind)
      return is
    }
  }
}

function goOn(course: Course, kind: string): void {
  if (WRITTEN.test(kind)) course.hasWritten = true
  if (kind === 'C COMMIT') course.isCommitted = course.hasWritten
  if (/^Q (BEGIN|ROLLBACK)/.test(kind)) Object.assign(course, { hasWritten: false, isCommitted: false })
}
