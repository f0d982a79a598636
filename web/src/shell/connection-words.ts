import type { ConnectionState, EndReason } from '@belfry/client/belfry.ts'
import { clock, localDay, shortDay } from '#theme/times.ts'

export interface ConnectionWords {
  text: string
  countdown?: string
  action?: 'try-now' | 'reload'
}

interface Around {
  /** Messages that wait for the connection. */
  unsent: number
  now: number
  /** When there last was one; null: not known. What is shown is as old as that. */
  since: number | null
}

/** In place of the rooms that this browser does not know. */
export const LISTED_LATER = 'The other rooms are listed once you are connected.'

/** After so long one is told since when. */
const LONG_MS = 60_000

/** The truth about the connection, or null while there is nothing to say. */
export function connectionWords(state: ConnectionState, { unsent, now, since }: Around): ConnectionWords | null {
  const isLong = since !== null && now - since >= LONG_MS
  switch (state.is) {
    case 'online':
      return null
    case 'connecting':
      return { text: join('Connecting…', waiting(unsent)) }
    case 'reconnecting':
      return { text: join('Connecting again…', waiting(unsent)) }
    case 'waiting':
      if (state.network === 'down') return { text: join(isLong ? `Offline since ${moment(since, now)}.` : 'Offline.', waiting(unsent)) }
      return {
        text: join(isLong ? `No connection since ${moment(since, now)}.` : 'Connection lost.', waiting(unsent)),
        countdown: countdown(state.retryAt - now),
        action: 'try-now',
      }
    case 'ended':
      return ended(state.reason)
    default:
      return state satisfies never
  }
}

function ended(reason: EndReason): ConnectionWords {
  if (reason === 'signed-out') return { text: 'You are signed out.', action: 'reload' }
  if (reason === 'replaced') return { text: 'This browser is signed in to another account now.', action: 'reload' }
  if (reason === 'outdated') return { text: 'Belfry was updated. Reload this page to go on; what you wrote is kept.', action: 'reload' }
  return { text: 'This page and the server do not understand each other. Reload to go on; what you wrote is kept.', action: 'reload' }
}

function moment(at: number, now: number): string {
  return localDay(at) === localDay(now) ? clock(at) : `${shortDay(at, now)}, ${clock(at)}`
}

function waiting(unsent: number): string {
  if (unsent === 0) return ''
  return unsent === 1 ? '1 message will be sent when you are back.' : `${unsent} messages will be sent when you are back.`
}

function countdown(ms: number): string {
  const seconds = Math.ceil(ms / 1000)
  return seconds <= 0 ? 'Trying again…' : `Trying again in ${seconds} s.`
}

function join(...sentences: string[]): string {
  return sentences.filter(Boolean).join(' ')
}
