import type { Message, Reaction } from '@belfry/protocol/rows.ts'
import { roomTopic } from '@belfry/protocol/topics.ts'
import { PAGE_DEFAULT_ITEMS } from '@belfry/protocol/limits.ts'
import type { Parsed } from '@belfry/protocol/commands.ts'
import type { Kysely } from 'kysely'
import { requirePerson } from '#accounts/actor.ts'
import { Refusal } from '#lib/refusal.ts'
import type { Write } from '#store/batch.ts'
import type { Read } from '#store/read.ts'
import { compiledOnce, rounded } from '#store/compiled-once.ts'
import { columnsOf, unstored } from '#store/rows.ts'
import type { Tables } from '#store/schema.ts'
import { topicCounter } from '#store/topics.ts'
import type { Tx } from '#store/tx.ts'
import { reactionCounts, reactionsOf } from './reactions.ts'
import { requireSight, requireStanding, type Standing } from './standings.ts'

const MESSAGE_COLUMNS = columnsOf('message') as (keyof Message)[]

export async function findMessage(db: Kysely<Tables>, id: string): Promise<Message | undefined> {
  return (await messagesWithIds(db, [id]))[0]
}

export async function messagesWithIds(db: Kysely<Tables>, ids: string[]): Promise<Message[]> {
  return ids.length === 0 ? [] : (await withIds(db, rounded(ids))).map(unstored)
}

const withIds = compiledOnce((db, ids: string[]) => db.selectFrom('messages').select(MESSAGE_COLUMNS).where('id', 'in', ids))

/** Which messages of a room: those between two numbers, both excluded. */
interface Stretch {
  roomId: string
  above: number
  below?: number | undefined
}

/** The newest of them, oldest first; tombstones count. */
export async function newestMessages(db: Kysely<Tables>, of: Stretch, max: number): Promise<Message[]> {
  return (await withinBounds(db, await within(db, of).orderBy('n', 'desc').limit(max).execute())).reverse()
}

async function oldestMessages(db: Kysely<Tables>, of: Stretch, max: number): Promise<Message[]> {
  return withinBounds(db, await within(db, of).orderBy('n').limit(max).execute())
}

function within(db: Kysely<Tables>, { roomId, above, below }: Stretch) {
  const higher = db.selectFrom('messages').select(MESSAGE_COLUMNS).where('roomId', '=', roomId).where('n', '>', above)
  return below === undefined ? higher : higher.where('n', '<', below)
}

/** Text of one page, in UTF-16 code units: 200 of the longest messages would be megabytes. */
const PAGE_MAX_CHARS = 200_000

/** Reactions that come with one page: 200 messages can have 60,000. */
const PAGE_MAX_REACTIONS = 2_000

/** As many of the first ones as stay within the bound, at least one. */
export function withinBound<Item extends { body: string }>(items: Item[]): Item[] {
  return firstOf(items, PAGE_MAX_CHARS, ({ body }) => body.length)
}

/** The same of messages of one room, with what stands at them. */
async function withinBounds(db: Kysely<Tables>, messages: Message[]): Promise<Message[]> {
  const some = withinBound(messages)
  const counts = await reactionCounts(db, some)
  return firstOf(some, PAGE_MAX_REACTIONS, ({ n }) => counts.get(n) ?? 0).map(unstored)
}

function firstOf<Item>(items: Item[], max: number, measure: (item: Item) => number): Item[] {
  let sum = 0
  const over = items.findIndex((item, at) => (sum += measure(item)) > max && at > 0)
  return over < 0 ? items : items.slice(0, over)
}

interface MessagePage {
  items: Message[]
  reactions: Reaction[]
  next: number | null
  seq: number
}

type Page = Pick<MessagePage, 'items' | 'next'>

/** message.list: a page, oldest first, fetched in the snapshot that says who may read it [A1] [F6]. `next`: what to ask `before` (or `after`) with for more, null at the end. */
export async function listMessages(db: Kysely<Tables>, { input, actor }: Read<Parsed<'message.list'>>): Promise<MessagePage> {
  const { after } = await requireSight(db, actor.userId, input.roomId)
  const { seq, posted } = await topicCounter(db, roomTopic(input.roomId))
  const page = await pageFor(db, { ...input, posted, seesAfter: after, max: input.limit ?? PAGE_DEFAULT_ITEMS })
  return { ...page, reactions: await reactionsOf(db, page.items), seq }
}

interface Asked {
  roomId: string
  max: number
  /** What one sees has higher numbers. */
  seesAfter: number
}

async function pageFor(db: Kysely<Tables>, asked: Asked & Parsed<'message.list'> & { posted: number }): Promise<Page> {
  const { roomId, seesAfter, posted } = asked
  if (asked.ids) return pageOfIds(db, asked, asked.ids)
  if (asked.around) return pageAround(db, asked, asked.around)
  if (asked.after !== undefined) return pageAfter(db, asked, { n: asked.after, posted })
  const items = await newestMessages(db, { roomId, above: seesAfter, below: asked.before }, asked.max)
  return { items, next: olderThan(items, asked) }
}

/** What does not stand in this room, or not within one's sight, is left out. */
async function pageOfIds(db: Kysely<Tables>, { roomId, seesAfter }: Asked, ids: string[]): Promise<Page> {
  const found = await messagesWithIds(db, ids)
  const items = found.filter((message) => message.roomId === roomId && message.n > seesAfter).toSorted((a, b) => a.n - b.n)
  return { items: await withinBounds(db, items), next: null }
}

async function pageAfter(db: Kysely<Tables>, { roomId, seesAfter, max }: Asked, from: { n: number; posted: number }): Promise<Page> {
  const items = await oldestMessages(db, { roomId, above: Math.max(from.n, seesAfter) }, max)
  const newest = items.at(-1)?.n ?? from.posted
  return { items, next: newest < from.posted ? newest : null }
}

async function pageAround(db: Kysely<Tables>, asked: Asked, around: string): Promise<Page> {
  const { roomId, seesAfter, max } = asked
  const middle = await findMessage(db, around)
  if (!middle || middle.roomId !== roomId || middle.n <= seesAfter) throw noSuchMessage()
  const half = Math.max(1, Math.floor(max / 2))
  const older = await newestMessages(db, { roomId, above: seesAfter, below: middle.n + 1 }, half)
  const newer = await oldestMessages(db, { roomId, above: middle.n }, max - half)
  const items = [...older, ...newer]
  return { items, next: olderThan(items, asked) }
}

/** Numbers have no holes: a page that does not begin with the first that one sees has something before it. */
function olderThan(items: Message[], { seesAfter }: Asked): number | null {
  const oldest = items[0]?.n ?? seesAfter + 1
  return oldest > seesAfter + 1 ? oldest : null
}

/** A message as a member of its room finds it. */
interface Found {
  message: Message
  userId: string
  standing: Standing
}

/** A message of a room that one is a member of, and within one's sight. Refusal: not-found [A3]. */
export async function requireMessage(
  tx: Tx,
  { input, actor }: Pick<Write<{ roomId: string; id: string }>, 'actor' | 'input'>,
): Promise<Found> {
  const { userId } = await requirePerson(tx, actor)
  const standing = await requireStanding(tx, input.roomId, userId)
  const message = await findMessage(tx.db, input.id)
  if (!message || message.roomId !== input.roomId || message.n <= standing.seesAfter) throw noSuchMessage()
  return { message, userId, standing }
}

/** The same, unless it was deleted. */
export async function requireStandingMessage(tx: Tx, from: Pick<Write<{ roomId: string; id: string }>, 'actor' | 'input'>): Promise<Found> {
  const found = await requireMessage(tx, from)
  if (found.message.deletedAt !== null) throw new Refusal('not-found', 'This message was deleted.')
  return found
}

export function noSuchMessage(): Refusal {
  return new Refusal('not-found', 'There is no such message in this room.')
}

export function noMessageOfTheirs(): Refusal {
  return new Refusal('not-found', 'There is no such message of yours in this room.')
}
