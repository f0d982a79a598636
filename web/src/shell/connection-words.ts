import type { ConnectionState, EndReason } from '@belfry/client/belfry.ts'

export interface ConnectionWords {
  text: string
  countdown?: string
  action?: 'try-now' | 'reload'
}

/** The truth about the connection, or null while there is nothing to say. `unsent`: messages that wait for it. */
export function connectionWords(state: ConnectionState, { unsent, now }: { unsent: number; now: number }): ConnectionWords | null {
  switch (state.is) {
    case 'connecting':
    case 'online':
      return null
    case 'reconnecting':
      return { text: join('Connecting again…', waiting(unsent)) }
    case 'waiting':
      if (state.network === 'down') return { text: join('Offline.', waiting(unsent)) }
      return { text: join('Connection lost.', waiting(unsent)), countdown: countdown(state.retryAt - now), action: 'try-now' }
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
