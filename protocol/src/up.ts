import { z } from 'zod'
import { LOOKED_AT_MAX_IDS, TOPICS_PER_CONNECTION_MAX } from './limits.ts'

/** All that a client may send. One frame is one JSON object. */

const topic = z.string().min(1).max(80)
const seq = z.int().nonnegative()
const epoch = z.string().max(64)

/** Its number pairs a `call` or `follow` with its `reply`, within one connection. */
const requestId = z.int().nonnegative()

/** First frame of a connection, once. `token`: a session's, where no cookie does it. `positions`: [topic, epoch, seq], or [topic] from the start. */
const hello = z.object({
  t: z.literal('hello'),
  v: z.int(),
  token: z.string().max(200).optional(),
  positions: z.array(z.union([z.tuple([topic, epoch, seq]), z.tuple([topic])])).max(TOPICS_PER_CONNECTION_MAX),
})

const call = z.object({ t: z.literal('call'), id: requestId, name: z.string().max(64), input: z.unknown().optional() })

/** Without epoch and seq: from the start. */
const follow = z.object({ t: z.literal('follow'), id: requestId, topic, epoch: epoch.optional(), seq: seq.optional() })

const unfollow = z.object({ t: z.literal('unfollow'), topic })

const ping = z.object({ t: z.literal('ping') })

/** Somebody writes in this room now. Said now and then for as long as they do. */
const typing = z.object({ t: z.literal('signal'), name: z.literal('typing'), topic })

/** This device is in use, or is not; it is from the start of its connection. */
const presence = z.object({ t: z.literal('signal'), name: z.literal('presence'), state: z.enum(['online', 'away']) })

/** Whose presence this connection is to be told from now on, in place of those named before. */
const look = z.object({ t: z.literal('signal'), name: z.literal('look'), ids: z.array(z.string().min(1).max(64)).max(LOOKED_AT_MAX_IDS) })

/** Fleeting: has no id, is never answered, and is not said again when it is lost. */
const signal = z.discriminatedUnion('name', [typing, presence, look])

export const upFrame = z.discriminatedUnion('t', [hello, call, follow, unfollow, signal, ping])

export type UpFrame = z.infer<typeof upFrame>
export type Hello = z.infer<typeof hello>
export type Call = z.infer<typeof call>
export type Follow = z.infer<typeof follow>
export type UpSignal = z.infer<typeof signal>

/** [topic, epoch, seq]: how far a client has followed; [topic] alone: not at all yet. */
export type Position = Hello['positions'][number]
