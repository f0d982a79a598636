import type { Topic } from './topic.ts'

/** Whose messages one does not want, as one's own topic has it. */
export function standingBlocks(own: Topic | null): ReadonlySet<string> {
  const blocks = [...(own?.rows('block').values() ?? [])]
  return new Set(blocks.filter(({ endedAt }) => endedAt === null).map(({ id }) => id))
}
