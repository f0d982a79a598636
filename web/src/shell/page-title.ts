import { countWords } from './count-words.ts'

/** How much waits for somebody. */
export interface Waiting {
  /** Unread notifications: they are for this person. */
  notifications: number
  /** Unread messages of all rooms. */
  messages: number
}

/** '(3) General · Belfry'; where only rooms have something new: '• General · Belfry' */
export function pageTitle(place: string, { notifications, messages }: Waiting): string {
  const name = place === '' || place === 'Belfry' ? 'Belfry' : `${place} · Belfry`
  if (notifications > 0) return `(${countWords(notifications)}) ${name}`
  return messages > 0 ? `• ${name}` : name
}
