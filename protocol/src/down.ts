import { z } from 'zod'
import { memberRow, roomRow, type Rows, toldRows, userRow } from './rows.ts'

/** All that a server may send. One frame is one JSON object. */

const topic = z.string()
const seq = z.int().nonnegative()
const epoch = z.string()

const refusal = z.object({
  code: z.string(),
  detail: z.string(),
  retryAfterMs: z.int().optional(),
  row: z.record(z.string(), z.unknown()).optional(),
  errors: z.array(z.object({ at: z.string(), detail: z.string() })).optional(),
})

/** Answers `hello`. The topics' own frames follow. */
const welcome = z.object({
  t: z.literal('welcome'),
  v: z.int(),
  connection: z.string(),
  session: z.string(),
  user: userRow,
  epoch,
  serverTime: z.int(),
  limits: z.object({ messageMaxChars: z.int(), frameMaxBytes: z.int(), topicsMax: z.int(), pingEveryMs: z.int() }),
})

/** Answers a `call`, or a `follow` once it is live. One of `result` and `refusal`. */
const reply = z.object({ t: z.literal('reply'), id: z.int(), result: z.unknown().optional(), refusal: refusal.optional() })

/** Whether it is one frame of several: [which, of how many], from 0. All together are one change or snapshot. */
const part = z.tuple([z.int().nonnegative(), z.int().positive()]).optional()

/**
 * A topic's rows at a position; replaces all that was held of the topic. `windows`: of the long lists, the oldest key that
 * it holds (everything newer is there too), or null where the list is whole.
 */
const snapshot = z.object({
  t: z.literal('snapshot'),
  topic,
  epoch,
  seq,
  rows: toldRows,
  windows: z.record(z.string(), z.union([z.int(), z.string()]).nullable()),
  part,
})

/** The new state of the rows that changed after `prev` up to `seq`. */
const change = z.object({ t: z.literal('change'), topic, prev: seq, seq, rows: toldRows, part })

/** Catching up is over: from here on changes come as they happen. */
const live = z.object({ t: z.literal('live'), topic, epoch, seq })

/**
 * A room that one is a member of and does not follow has changed after `prev` up to `seq`; told now and then, all at once, and when that
 * begins. `messages`: those that changed, `[n, authorId, changed, whether it stands]`; null: too much changed, or it is not known what. Whoever
 * knows less than `prev`, or is told null, asks for the list of rooms: it says what is unread. `rows`: the room and members that changed.
 */
const bump = z.object({
  t: z.literal('bump'),
  topic,
  prev: seq,
  seq,
  messages: z.array(z.tuple([z.int().positive(), z.string(), seq, z.union([z.literal(0), z.literal(1)])])).nullable(),
  rows: z.object({ room: z.array(roomRow).optional(), member: z.array(memberRow).optional() }),
})

/** Somebody writes in this room now. Who says so no more has stopped: nothing tells of that. */
const typing = z.object({ t: z.literal('signal'), name: z.literal('typing'), topic, userId: z.string() })

/**
 * How present people are whom the connection looks at: those of whom it was told nothing yet, or something else. `unknown`: one shares
 * no room with them any more. Whoever one shares none with from the start is not told of at all.
 */
const presence = z.object({
  t: z.literal('signal'),
  name: z.literal('presence'),
  people: z.array(z.tuple([z.string(), z.enum(['online', 'away', 'dnd', 'offline', 'unknown'])])),
})

/** Fleeting: what a slow reader does not take in time is not kept for it. */
const signal = z.discriminatedUnion('name', [typing, presence])

/** No longer (or not) followed, because one may not; delete its rows. */
const unfollowed = z.object({ t: z.literal('unfollowed'), topic, reason: z.enum(['not-found', 'too-many']) })

/** The server is about to stop: come back at a random time within this window. */
const drain = z.object({ t: z.literal('drain'), withinMs: z.int() })

const pong = z.object({ t: z.literal('pong') })

/** The last frame of a stream, which has no close code of its own. */
const close = z.object({ t: z.literal('close'), code: z.int(), reason: z.string() })

export const downFrame = z.discriminatedUnion('t', [welcome, reply, snapshot, change, live, bump, signal, unfollowed, drain, pong, close])

/** A frame as it is sent. */
export type ToldFrame = z.infer<typeof downFrame>
/** A frame as programs hold it, with whole rows: `down-text` makes the one of the other. */
export type DownFrame = Exclude<ToldFrame, { t: 'snapshot' | 'change' }> | Snapshot | Change
export type Welcome = z.infer<typeof welcome>
export type Reply = z.infer<typeof reply>
export type Snapshot = Omit<z.infer<typeof snapshot>, 'rows'> & { rows: Rows }
export type Change = Omit<z.infer<typeof change>, 'rows'> & { rows: Rows }
export type Bump = z.infer<typeof bump>
export type DownSignal = z.infer<typeof signal>
/** How present somebody is, as others are told: all of their devices together. */
export type Presence = Exclude<z.infer<typeof presence>['people'][number][1], 'unknown'>
