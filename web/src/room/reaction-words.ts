import type { ItemReaction } from '@belfry/client/belfry.ts'

/** So many are named. */
export const NAMED_MAX = 10

/** '👍 2: Alice, Bob'; of many, the first ones by name. */
export function reactionWords({ emoji, userIds }: ItemReaction, nameOf: (userId: string) => string): string {
  const names = userIds.slice(0, NAMED_MAX).map(nameOf).join(', ')
  const others = userIds.length - NAMED_MAX
  const rest = others <= 0 ? '' : others === 1 ? ' and 1 other' : ` and ${others} others`
  return `${emoji} ${userIds.length}: ${names}${rest}`
}
