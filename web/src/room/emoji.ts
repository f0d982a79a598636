import { kept, keptKey } from '#account/kept.ts'

/** What one can react with, and how it is read out. */
export const EMOJI = [
  { emoji: '👍', name: 'thumbs up' },
  { emoji: '❤️', name: 'heart' },
  { emoji: '😂', name: 'tears of joy' },
  { emoji: '🎉', name: 'party' },
  { emoji: '👀', name: 'eyes' },
  { emoji: '✅', name: 'done' },
  { emoji: '🙏', name: 'thank you' },
  { emoji: '👏', name: 'applause' },
  { emoji: '🔥', name: 'fire' },
  { emoji: '🚀', name: 'rocket' },
  { emoji: '💯', name: 'a hundred' },
  { emoji: '😄', name: 'smile' },
  { emoji: '🙂', name: 'slight smile' },
  { emoji: '😅', name: 'sweat' },
  { emoji: '🤔', name: 'thinking' },
  { emoji: '😮', name: 'surprise' },
  { emoji: '😢', name: 'sad' },
  { emoji: '😬', name: 'grimace' },
  { emoji: '🤯', name: 'mind blown' },
  { emoji: '🙌', name: 'hooray' },
  { emoji: '💪', name: 'strong' },
  { emoji: '👎', name: 'thumbs down' },
  { emoji: '❌', name: 'no' },
  { emoji: '☕', name: 'coffee' },
] as const

/** So many of those used last stand first. */
const USED_MAX = 6

/** All of them, those first that this person has used last here. */
export function emojiFor(userId: string): readonly (typeof EMOJI)[number][] {
  const used = usedBy(userId).flatMap((emoji) => EMOJI.find((one) => one.emoji === emoji) ?? [])
  return [...new Set([...used, ...EMOJI])]
}

export function rememberUsed(userId: string, emoji: string): void {
  const others = usedBy(userId).filter((one) => one !== emoji)
  kept.set(usedKey(userId), [emoji, ...others].slice(0, USED_MAX).join(' '))
}

function usedBy(userId: string): string[] {
  return kept.get(usedKey(userId))?.split(' ') ?? []
}

function usedKey(userId: string): string {
  return keptKey(userId, 'emoji')
}
