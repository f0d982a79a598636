import type { Message } from '@belfry/protocol/rows.ts'
import { roomTopic } from '@belfry/protocol/topics.ts'
import { PAGE_DEFAULT_ITEMS } from '@belfry/protocol/limits.ts'
import type { Parsed } from '@belfry/protocol/commands.ts'
import type { Kysely } from 'kysely'
import { requirePerson } from '#accounts/actor.ts'
import { Refusal } from '#lib/refusal.ts'
import type { Write } from '#store/batch.ts'
import type { Read } from '#store/read.ts'
import { columnsOf } from '#store/rows.ts'
import type { Tables } from '#store/schema.ts'
import { topicCounter } from '#store/topics.ts'
import type { Tx } from '#store/tx.ts'
import { mayReadRoom, noSuchRoom, requireStanding, type Standing } from './standings.ts'

const MESSAGE_COLUMNS = columnsOf('message') as (keyof Message)[]

export async function findMessage(db: Kysely<Tables>, id: string): Promise<Message | undefined> {
  return db.selectFrom('messages').select(MESSAGE_COLUMNS).where('id', '=', id).executeTakeFirst()
}

export async function messagesWithIds(db: Kysely<Tables>, ids: string[]): Promise<Message[]> {
  return db.selectFrom('messages').select(MESSAGE_COLUMNS).where('id', 'in', ids).execute()
}

/** The newest messages, or the newest below a number, oldest first; tombstones count. */
export async function newestMessages(db: Kysely<Tables>, roomId: string, page: { below?: number; max: number }): Promise<Message[]> {
  const query = db.selectFrom('messages').select(MESSAGE_COLUMNS).where('roomId', '=', roomId)
  const bounded = page.below === undefined ? query : query.where('n', '<', page.below)
  return withinBound(await bounded.orderBy('n', 'desc').limit(page.max).execute()).reverse()
}

async function oldestMessages(db: Kysely<Tables>, roomId: string, page: { above: number; max: number }): Promise<Message[]> {
  const newer = db.selectFrom('messages').select(MESSAGE_COLUMNS).where('roomId', '=', roomId).where('n', '>', page.above)
  return withinBound(await newer.orderBy('n').limit(page.max).execute())
}

/** Text of one page, in UTF-16 code units: 200 of the longest messages would be megabytes. */
const PAGE_MAX_CHARS = 200_000

/** As many of the first ones as stay within the bound, at least one. */
function withinBound(messages: Message[]): Message[] {
  let chars = 0
  const over = messages.findIndex(({ body }, at) => (chars += body.length) > PAGE_MAX_CHARS && at > 0)
  return over < 0 ? messages : messages.slice(0, over)
}

interface MessagePage {
  items: Message[]
  next: number | null
  seq: number
}

/** message.list: a page, oldest first, fetched in the snapshot that says who may read it [A1] [F6]. `next`: what to ask `before` (or `after`) with for more, null at the end. */
export async function listMessages(db: Kysely<Tables>, { input, actor }: Read<Parsed<'message.list'>>): Promise<MessagePage> {
  if (!(await mayReadRoom(db, actor.userId, input.roomId))) throw noSuchRoom()
  const max = input.limit ?? PAGE_DEFAULT_ITEMS
  const { seq, posted } = await topicCounter(db, roomTopic(input.roomId))
  if (input.around) return { ...(await pageAround(db, { ...input, around: input.around, max })), seq }
  if (input.after !== undefined) {
    const items = await oldestMessages(db, input.roomId, { above: input.after, max })
    const newest = items.at(-1)?.n ?? posted
    return { items, next: newest < posted ? newest : null, seq }
  }
  const items = await newestMessages(db, input.roomId, { max, ...(input.before !== undefined && { below: input.before }) })
  return { items, next: olderThan(items), seq }
}

async function pageAround(db: Kysely<Tables>, input: { roomId: string; around: string; max: number }): Promise<Omit<MessagePage, 'seq'>> {
  const middle = await findMessage(db, input.around)
  if (!middle || middle.roomId !== input.roomId) throw new Refusal('not-found', 'There is no such message in this room.')
  const half = Math.max(1, Math.floor(input.max / 2))
  const older = await newestMessages(db, input.roomId, { below: middle.n + 1, max: half })
  const newer = await oldestMessages(db, input.roomId, { above: middle.n, max: input.max - half })
  const items = [...older, ...newer]
  return { items, next: olderThan(items) }
}

/** Numbers have no holes: a page that does not begin with 1 has something before it. */
function olderThan(items: Message[]): number | null {
  const oldest = items[0]?.n ?? 1
  return oldest > 1 ? oldest : null
}

/** A message as a member of its room finds it. */
interface Found {
  message: Message
  userId: string
  standing: Standing
}

/** A message of a room that one is a member of. Refusal: not-found [A3]. */
export async function requireMessage(
  tx: Tx,
  { input, actor }: Pick<Write<{ roomId: string; id: string }>, 'actor' | 'input'>,
): Promise<Found> {
  const { userId } = await requirePerson(tx, actor)
  const standing = await requireStanding(tx, input.roomId, userId)
  const message = await findMessage(tx.db, input.id)
  if (!message || message.roomId !== input.roomId) throw noSuchMessage()
  return { message, userId, standing }
}

export function noSuchMessage(): Refusal {
  return new Refusal('not-found', 'There is no such message of yours in this room.')
}
