import type { Topic } from '@belfry/protocol/topics.ts'
import { z } from 'zod'
import { slotOf } from '#lib/slot-of.ts'
import type { Announcement } from './announcement.ts'
import type { Signal } from './signal.ts'

/** What one node says to the others at once, on one shard. Empty: it only wants to know whether that arrives. */
export interface Envelope {
  node: string
  /** Something of what it had to say before was not said. */
  hasDropped: boolean
  announcements: Announcement[]
  signals: Signal[]
}

/** Fixed, so that nodes of all versions meet. */
const SHARDS = 64
export const shards: readonly string[] = Array.from({ length: SHARDS }, (_, at) => `belfry:${at}`)

/** All of a topic goes by one shard, in order. */
export function shardOf(key: string): string {
  return shards[slotOf(key, SHARDS)]!
}

/** Looked through, and not copied: there may be thousands. */
const rows = z.custom<Announcement['rows']>(
  (value) => isObject(value) && Object.values(value).every((ofKind) => Array.isArray(ofKind) && ofKind.every(hasId)),
)
const topic = z.custom<Topic>((value) => typeof value === 'string')
const count = z.number().int().nonnegative()
const person = z.tuple([z.string(), z.enum(['online', 'away', 'offline'])])
const epoch = z.string()

const envelope = z.object({
  node: z.string(),
  hasDropped: z.boolean(),
  announcements: z.array(z.object({ epoch, topic, prev: count, seq: count, rows })),
  signals: z.array(
    z.discriminatedUnion('name', [
      z.object({ epoch, name: z.literal('typing'), topic, userId: z.string() }),
      z.object({ epoch, name: z.literal('attendance'), node: z.string(), count, isAll: z.boolean(), people: z.array(person) }),
      z.object({ epoch, name: z.literal('roll-call'), of: z.string() }),
    ]),
  ),
})

/** The node first: by that a node knows its own word without reading on. */
export function writeEnvelope({ node, ...more }: Envelope): string {
  return JSON.stringify({ node, ...more })
}

export function isFrom(node: string, text: string): boolean {
  return text.startsWith(`{"node":"${node}"`)
}

/** Null: nothing that a node of this version says. Rows are what the database of a node held: their insides are believed. */
export function parseEnvelope(text: string): Envelope | null {
  try {
    return envelope.parse(JSON.parse(text))
  } catch {
    return null
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

function hasId(row: unknown): boolean {
  return isObject(row) && 'id' in row && typeof row.id === 'string'
}
