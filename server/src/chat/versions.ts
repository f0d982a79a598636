import type { Parsed, Result } from '@belfry/protocol/commands.ts'
import { VERSIONS_MAX } from '@belfry/protocol/limits.ts'
import type { Message } from '@belfry/protocol/rows.ts'
import { roomTopic } from '@belfry/protocol/topics.ts'
import type { Kysely } from 'kysely'
import type { Read } from '#store/read.ts'
import type { Tables } from '#store/schema.ts'
import { topicCounter } from '#store/topics.ts'
import type { Tx } from '#store/tx.ts'
import { findMessage, noSuchMessage, withinBound } from './messages.ts'
import { requireSight } from './standings.ts'

/** Keeps the text that an edit is about to replace; beyond {@link VERSIONS_MAX}, with the new one, the oldest goes. */
export async function keepVersion(tx: Tx, { id: messageId, changed, body, createdAt, editedAt }: Message): Promise<void> {
  await tx.db
    .insertInto('versions')
    .values({ messageId, changed, body, createdAt: editedAt ?? createdAt })
    .execute()
  const former = tx.db.selectFrom('versions').select('changed').where('messageId', '=', messageId).orderBy('changed', 'desc')
  const tooOld = former.limit(1).offset(VERSIONS_MAX - 1)
  await tx.db.deleteFrom('versions').where('messageId', '=', messageId).where('changed', '<=', tooOld).execute()
}

/** They are text that the author wants gone, as that of the message is. */
export async function deleteVersions(tx: Tx, messageId: string): Promise<void> {
  await tx.db.deleteFrom('versions').where('messageId', '=', messageId).execute()
}

type Versions = Omit<Result<'message.versions'>, 'epoch'>

/** message.versions: the present text first, in the snapshot that says who may read it [A1] [F6]. Refusal: not-found. */
export async function listVersions(db: Kysely<Tables>, { input, actor }: Read<Parsed<'message.versions'>>): Promise<Versions> {
  const { after } = await requireSight(db, actor.userId, input.roomId)
  const message = await findMessage(db, input.id)
  if (!message || message.roomId !== input.roomId || message.n <= after || message.deletedAt !== null) throw noSuchMessage()
  const former = db.selectFrom('versions').select(['body', 'createdAt as writtenAt']).where('messageId', '=', message.id)
  const present = { body: message.body, writtenAt: message.editedAt ?? message.createdAt }
  const { seq } = await topicCounter(db, roomTopic(input.roomId))
  return { items: withinBound([present, ...(await former.orderBy('changed', 'desc').execute())]), seq }
}
