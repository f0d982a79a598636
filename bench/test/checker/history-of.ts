import type { Database, StoredMessage } from '#checker/judge/database.ts'
import type { ClientHistory, History } from '#checker/judge/history.ts'
import { judge } from '#checker/judge/judge.ts'
import type { Event, Shown } from '#checker/record/journal.ts'
import { digestOf } from '#checker/record/text.ts'
import type { Seen, Told } from '#checker/record/told.ts'
import { Memberships } from '#checker/workload/memberships.ts'

/** Histories by hand: bob, who is `d1`, in the room `cellar`, which is closed. */
export const BOB = 'bob'
export const CELLAR = 'cellar'
const TOPIC = `room:${CELLAR}`

/** A message as the database has it; one of bob's, unless said otherwise. */
export function stored(n: number, more: Partial<StoredMessage> & { body?: string } = {}): StoredMessage {
  const { body = `d1 ${n}`, ...rest } = more
  const said = /^d1 \d+/.exec(body)?.[0] ?? null
  const states = { isDeleted: false, isEdited: false }
  return { id: `m${n}`, roomId: CELLAR, n, changed: n, text: digestOf(body), said, ...states, ...rest }
}

/** The same as somebody is told it. */
export function seen({ id, roomId, n, changed, text }: StoredMessage): Seen {
  return { kind: 'message', id, roomId, n, changed, text }
}

export function shown({ id, n, changed, text, said }: StoredMessage): Shown {
  return { id, n, changed, text, said }
}

export function change(prev: number, seq: number, more: Partial<Told> = {}): Told {
  return { t: 'change', topic: TOPIC, prev, seq, part: null, from: null, rows: [], named: [], ...more }
}

export function snapshot(seq: number, more: Partial<Told> = {}): Told {
  return change(0, seq, { t: 'snapshot', ...more })
}

/** What a person writes, sends and is answered, in one. */
export function posts(n: number, answer: { code?: string | null; isDuplicate?: boolean } = {}, id = `m${n}`): Event[] {
  const { code = null, isDuplicate = false } = answer
  return [
    { is: 'wrote', id, roomId: CELLAR, said: `d1 ${n}` },
    { is: 'called', call: n, name: 'message.post', roomId: CELLAR, id, text: digestOf(`d1 ${n}`) },
    { is: 'answered', call: n, code, isDuplicate, rows: [] },
  ]
}

export function sends(call: number, name: string, { id, body = '' }: { id: string; body?: string }): Event {
  return { is: 'called', call, name, roomId: CELLAR, id, text: body === '' ? '' : digestOf(body) }
}

export function answered(call: number, more: { isDuplicate?: boolean; rows?: Seen[] } = {}): Event {
  return { is: 'answered', call, code: null, isDuplicate: false, rows: [], ...more }
}

export function shows(items: Shown[], more: Partial<Extract<Event, { is: 'showed' }>> = {}): Event {
  return { is: 'showed', roomId: CELLAR, view: 'ready', isWhole: true, isNewest: true, items, ...more }
}

export const follows: Event = { is: 'follows', from: { [TOPIC]: null, [`user:${BOB}`]: 0 } }

interface Made {
  messages?: StoredMessage[]
  /** Where the room stands; as many were posted as there are, unless said otherwise. */
  seq?: number
  posted?: number
  frames?: Told[]
  events?: Event[]
  database?: Partial<Database>
  members?: Memberships
  client?: Partial<ClientHistory>
  history?: Partial<History>
}

/** What the judge says of it: each verdict with its rule. */
export function verdictsOn({ messages = [], frames = [], events = [], ...made }: Made): string[] {
  const seq = made.seq ?? Math.max(0, ...messages.map(({ changed }) => changed))
  const database: Database = {
    messages: new Map(messages.map((message) => [message.id, message])),
    rooms: new Map([[CELLAR, messages]]),
    versions: new Map(),
    notifications: new Map(),
    counts: new Map([[BOB, { unread: 0, unseen: 0 }]]),
    topics: new Map([[TOPIC, { seq, posted: made.posted ?? messages.length }]]),
    sessionEnds: new Map(),
    ...made.database,
  }
  const client = { name: 'd1', userId: BOB, sessionId: 'session', isOver: false, events: () => events, ...made.client }
  const around = { rung: [], disabled: new Map(), lossy: [], gone: [], untilMs: Infinity, memberships: made.members ?? withBob() }
  const verdicts = judge({ clients: [client], frames, database, ...around, ...made.history })
  return [...new Set(verdicts.map(({ is, rule }) => `${is} ${rule}`))]
}

export function withBob(): Memberships {
  const memberships = new Memberships()
  memberships.begin(CELLAR, [[BOB, 0, 'in']])
  return memberships
}
