import type { Event } from '#checker/record/journal.ts'
import { eventsUntil, isGone } from './eras.ts'
import type { ClientHistory, History } from './history.ts'

/** One thing that a client wanted stored: all its attempts have the same name, id and text. */
export interface SentWrite {
  client: string
  name: string
  roomId: string
  id: string
  text: string
  /** Attempts that nobody answered, or whose answer says that nobody knows. */
  open: number
  done: number
  /** Of these the ones that no backup has taken back. */
  owed: number
  /** Answers that said: nothing was stored by this attempt. */
  refusals: string[]
  /** It was answered as stored before, although every earlier attempt had been refused. */
  isContradicted: boolean
}

/** What was written in a room, in the order of writing. */
export interface Written {
  client: string
  roomId: string
  id: string
  said: string
}

export interface Sent {
  writes: SentWrite[]
  written: Written[]
  /** Which client was told that which message is stored, when that was taken back later: it sends it no more. */
  settled: Set<string>
}

const JUDGED = new Set(['message.post', 'message.edit', 'message.delete'])

/** What the clients sent and were answered by the end of an era. */
export function sentBy(history: History): Sent {
  const sent: Sent = { writes: [], written: [], settled: new Set() }
  for (const client of history.clients) readSent(client, history, sent)
  return sent
}

function readSent(client: ClientHistory, history: History, sent: Sent): void {
  const { name } = client
  const byKey = new Map<string, SentWrite>()
  /** On the connection that stands. */
  const waiting = new Map<number, SentWrite>()
  const settle = (some: readonly { id: string }[]) => {
    for (const { id } of some) sent.settled.add(`${name} ${id}`)
  }
  let isTakenBack = false
  for (const event of eventsUntil(client, history)) {
    // To be told of their message is as good as an answer to whoever waits for one.
    if (typeof event === 'number' && isTakenBack) settle(history.frames[event]!.rows)
    if (typeof event === 'number') continue
    if (event.is === 'at') isTakenBack = isGone(event.ms, history)
    if (event.is === 'opened') waiting.clear()
    if (event.is === 'called' && JUDGED.has(event.name)) call(name, event, { byKey, waiting })
    if (event.is === 'answered') answer(event, { waiting, isTakenBack })
    if (event.is === 'wrote') sent.written.push({ client: name, roomId: event.roomId, id: event.id, said: event.said })
  }
  sent.writes.push(...byKey.values())
  settle([...byKey.values()].filter(({ done, owed }) => done > owed))
}

type Called = Extract<Event, { is: 'called' }>
type Answered = Extract<Event, { is: 'answered' }>

function call(client: string, called: Called, to: { byKey: Map<string, SentWrite>; waiting: Map<number, SentWrite> }): void {
  const { name, roomId, id, text } = called
  const key = `${name} ${id} ${text}`
  const write = to.byKey.get(key) ?? { client, name, roomId, id, text, open: 0, done: 0, owed: 0, refusals: [], isContradicted: false }
  to.byKey.set(key, write)
  to.waiting.set(called.call, write)
  write.open += 1
}

function answer({ call: number, code, isDuplicate }: Answered, to: { waiting: Map<number, SentWrite>; isTakenBack: boolean }): void {
  const write = to.waiting.get(number)
  to.waiting.delete(number)
  if (!write || code === 'unknown') return
  write.open -= 1
  if (code !== null) return void write.refusals.push(code)
  if (isDuplicate && write.open === 0 && write.done === 0) write.isContradicted = true
  write.done += 1
  if (!to.isTakenBack) write.owed += 1
}
