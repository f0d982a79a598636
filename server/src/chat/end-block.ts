import type { Parsed } from '@belfry/protocol/commands.ts'
import type { Block } from '@belfry/protocol/rows.ts'
import { userTopic } from '@belfry/protocol/topics.ts'
import { requirePerson, topicsOf } from '#accounts/actor.ts'
import { Refusal } from '#lib/refusal.ts'
import type { Write } from '#store/batch.ts'
import type { Tx } from '#store/tx.ts'
import { findBlock } from './blocks.ts'

/** block.end. Twice is no mistake. Refusal: not-found. */
export async function endBlock(tx: Tx, { input: { id }, actor }: Write<Parsed<'block.end'>>): Promise<Block> {
  await tx.lock(...topicsOf(actor))
  const { userId } = await requirePerson(tx, actor)
  const block = await findBlock(tx.db, userId, id)
  if (!block) throw new Refusal('not-found', 'You have not blocked this person.')
  if (block.endedAt !== null) return block
  return tx.change(userTopic(userId), { kind: 'block', row: { ...block, endedAt: tx.now }, extra: { userId } })
}
