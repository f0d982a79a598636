import type { Parsed } from '@belfry/protocol/commands.ts'
import { BLOCKS_MAX } from '@belfry/protocol/limits.ts'
import type { Block } from '@belfry/protocol/rows.ts'
import { userTopic } from '@belfry/protocol/topics.ts'
import { requirePerson, topicsOf } from '#accounts/actor.ts'
import { requireUserFor } from '#accounts/users.ts'
import { Refusal } from '#lib/refusal.ts'
import type { Write } from '#store/batch.ts'
import type { Tx } from '#store/tx.ts'
import { blocksOf, findBlock } from './blocks.ts'

/** block.create: of somebody's messages one wants none. They are not told. Refusals: not-found, forbidden (oneself), too-large. */
export async function createBlock(tx: Tx, { input: { id }, actor }: Write<Parsed<'block.create'>>): Promise<Block> {
  await tx.lock(...topicsOf(actor))
  const { userId } = await requirePerson(tx, actor)
  if (id === userId) throw new Refusal('forbidden', 'Nobody can block themselves.')
  const there = await findBlock(tx.db, userId, id)
  if (there && there.endedAt === null) return there
  await requireUserFor(tx.db, userId, id)
  if ((await blocksOf(tx.db, userId)).length >= BLOCKS_MAX)
    throw new Refusal('too-large', `So many as ${BLOCKS_MAX} people can be blocked at once. End some first.`)
  return tx.change(userTopic(userId), { kind: 'block', row: { id, createdAt: tx.now, endedAt: null }, extra: { userId } })
}
