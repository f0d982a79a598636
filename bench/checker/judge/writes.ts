import type { Event } from '#checker/record/journal.ts'
import type { ClientHistory } from './history.ts'

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
}

const JUDGED = new Set(['message.post', 'message.edit', 'message.delete'])

/** What the clients sent and were answered. */
export function sentBy(clients: readonly ClientHistory[]): Sent {
  const sent: Sent = { writes: [], written: [] }
  for (const client of clients) readSent(client, sent)
  return sent
}

function readSent(client: ClientHistory, sent: Sent): void {
  const byKey = new Map<string, SentWrite>()
  /** On the connection that stands. */
  const waiting = new Map<number, SentWrite>()
  for (const event of client.events()) {
    if (typeof event === 'number') continue
    if (event.is === 'opened') waiting.clear()
    if (event.is === 'called' && JUDGED.has(event.name)) call(client.name, event, { byKey, waiting })
    if (event.is === 'answered') answer(event, waiting)
    if (event.is === 'wrote') sent.written.push({ client: client.name, roomId: event.roomId, id: event.id, said: event.said })
  }
  sent.writes.push(...byKey.values())
}

type Called = Extract<Event, { is: 'called' }>
type Answered = Extract<Event, { is: 'answered' }>

function call(client: string, called: Called, to: { byKey: Map<string, SentWrite>; waiting: Map<number, SentWrite> }): void {
  const { name, roomId, id, text } = called
  const key = `${name} ${id} ${text}`
  const write = to.byKey.get(key) ?? { client, name, roomId, id, text, open: 0, done: 0, refusals: [], isContradicted: false }
  to.byKey.set(key, write)
  to.waiting.set(called.call, write)
  write.open += 1
}

function answer({ call: number, code, isDuplicate }: Answered, waiting: Map<number, SentWrite>): void {
  const write = waiting.get(number)
  waiting.delete(number)
  if (!write || code === 'unknown') return
  write.open -= 1
  if (code !== null) return void write.refusals.push(code)
  if (isDuplicate && write.open === 0 && write.done === 0) write.isContradicted = true
  write.done += 1
}
