import { type RefusalCode, REFUSALS } from '@belfry/protocol/refusals.ts'
import type { Database, StoredMessage } from './database.ts'
import { isGone } from './eras.ts'
import type { History } from './history.ts'
import { sayOf, type Verdict } from './verdict.ts'
import type { Sent, SentWrite, Written } from './writes.ts'

/** What was answered, and written, against what the database holds. */
export function storedVerdicts(history: History, sent: Sent): Verdict[] {
  const { database, rung } = history
  return [
    ...sent.writes.flatMap((write) => writeVerdicts(write, database)),
    ...(history.untilMs === Infinity ? unsentVerdicts(history, sent) : []),
    ...orderVerdicts(sent, database),
    ...twice(database),
    ...[...database.rooms].flatMap(([roomId, messages]) => numberVerdicts(roomId, messages, database)),
    ...rung.flatMap(({ userId, id, ms }) => {
      const isThere = database.notifications.get(id)?.userId === userId || isGone(ms, history)
      return isThere ? [] : sayOf(userId)('lost', 'N1', `notification ${id} was answered as stored`)
    }),
    ...countVerdicts(database),
  ]
}

/** [W2]: done is stored, refused is not. */
function writeVerdicts(write: SentWrite, database: Database): Verdict[] {
  const { client, name, id, open, done, owed, refusals } = write
  const stands = isStored(write, database)
  if (owed > 0 && stands === 'no') return sayOf(client)('lost', 'W2', `${name} ${id} was answered as done`)
  if (write.isContradicted) return sayOf(client)('refused', 'W2', `${name} ${id} was stored by an attempt that was refused`)
  const isOthers = refusals.includes('conflict') || name === 'message.delete'
  if (open === 0 && done === 0 && stands === 'yes' && !isOthers)
    return sayOf(client)('refused', 'W2', `${name} ${id} was refused (${refusals.join(', ')}) and is stored`)
  return []
}

/** In that state, or in a later one. Of a deleted message nothing tells any more what its edits were. */
function isStored({ name, roomId, id, text }: SentWrite, { messages, versions }: Database): 'yes' | 'no' | 'not known' {
  const message = messages.get(id)
  if (!message || message.roomId !== roomId) return 'no'
  if (name === 'message.delete') return message.isDeleted ? 'yes' : 'no'
  if (message.isDeleted) return name === 'message.post' ? 'yes' : 'not known'
  const isFormer = versions.get(id)?.some((version) => version.text === text) ?? false
  return message.text === text || isFormer ? 'yes' : 'no'
}

/** [W8]: what was written is sent until it is stored, or refused for good. */
function unsentVerdicts({ clients, database: { messages } }: History, { written, writes, settled }: Sent): Verdict[] {
  const over = new Set(clients.filter(({ isOver }) => isOver).map(({ name }) => name))
  const refused = new Set(writes.filter(({ refusals }) => refusals.some(isFinal)).map(({ id }) => id))
  const isOwed = ({ client, id }: Written) => !messages.has(id) && !refused.has(id) && !settled.has(`${client} ${id}`)
  const unsent = written.filter((one) => isOwed(one) && !over.has(one.client))
  return unsent.flatMap(({ client, id, said }) => sayOf(client)('lost', 'W8', `${said} (${id}) was written and is not there`))
}

function isFinal(code: string): boolean {
  return !REFUSALS[code as RefusalCode].again && code !== 'internal'
}

/** [W8]: the order of storing is the order of writing, for each sender and room. */
function orderVerdicts({ written }: Sent, { messages }: Database): Verdict[] {
  const verdicts: Verdict[] = []
  for (const ofOne of Map.groupBy(written, ({ client, roomId }) => `${client} ${roomId}`).values()) {
    let last = 0
    for (const { client, roomId, id, said } of ofOne) {
      const n = messages.get(id)?.n ?? last
      if (n < last)
        verdicts.push(...sayOf(client)('order', 'W8', `${said} has number ${n} in ${roomId}, what was written before it ${last}`))
      last = Math.max(last, n)
    }
  }
  return verdicts
}

/** [W3]: sent again is stored once. */
function twice({ messages }: Database): Verdict[] {
  const said = Map.groupBy(
    [...messages.values()].filter((message) => message.said !== null),
    (message) => message.said!,
  )
  const doubled = [...said].filter(([, several]) => several.length > 1)
  return doubled.flatMap(([words, several]) => sayOf(words)('doubled', 'W3', `stored as ${several.map(({ id }) => id).join(' and ')}`))
}

/** [W1] [W4]: a room's numbers are 1, 2, 3 …, none is given twice, and no seq is. */
function numberVerdicts(roomId: string, messages: StoredMessage[], { topics, versions }: Database): Verdict[] {
  const verdicts: Verdict[] = []
  const { seq, posted } = topics.get(`room:${roomId}`) ?? { seq: 0, posted: 0 }
  if (posted !== messages.length)
    verdicts.push(...sayOf(roomId)('reordered', 'W4', `${posted} were numbered, ${messages.length} are there`))
  const seqs = new Map<number, string>()
  let untouched = 0
  for (const [at, { id, n, changed, isEdited, isDeleted }] of messages.entries()) {
    if (n !== at + 1) verdicts.push(...sayOf(roomId)('reordered', 'W4', `number ${n} stands where ${at + 1} should`))
    if (changed > seq) verdicts.push(...sayOf(roomId)('reordered', 'W1', `${id} has seq ${changed}, the topic ${seq}`))
    for (const one of [changed, ...(versions.get(id) ?? []).map((version) => version.changed)]) {
      if (seqs.has(one)) verdicts.push(...sayOf(roomId)('reordered', 'W1', `seq ${one} was given to ${seqs.get(one)} and ${id}`))
      seqs.set(one, id)
    }
    if (isEdited || isDeleted) continue
    if (changed < untouched) verdicts.push(...sayOf(roomId)('reordered', 'W1', `${id} has a higher number and a lower seq than before it`))
    untouched = Math.max(untouched, changed)
  }
  return verdicts
}

/** [N2] [N3]: one key rings once, and the counts are what a recount says. */
function countVerdicts({ notifications, counts }: Database): Verdict[] {
  const verdicts: Verdict[] = []
  for (const [userId, own] of Map.groupBy(notifications.values(), (row) => row.userId)) {
    const keyed = Map.groupBy(
      own.filter(({ key }) => key !== null),
      ({ key }) => key,
    )
    for (const [key, rows] of keyed)
      if (rows.length > 1) verdicts.push(...sayOf(userId)('doubled', 'N2', `${key} rang ${rows.length} times`))
    const unread = own.filter(({ isUnread }) => isUnread).length
    const counted = counts.get(userId)?.unread ?? 0
    if (unread !== counted) verdicts.push(...sayOf(userId)('hole', 'N3', `${counted} are counted as unread, ${unread} are`))
  }
  return verdicts
}
