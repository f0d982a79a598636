import type { Bump } from './down.ts'
import type { Message } from './rows.ts'

type BumpedMessage = NonNullable<Bump['messages']>[number]

/** How a message is told in short. */
export function inShort({ n, authorId, changed, deletedAt }: Pick<Message, 'n' | 'authorId' | 'changed' | 'deletedAt'>): BumpedMessage {
  return [n, authorId, changed, deletedAt === null ? 1 : 0]
}
