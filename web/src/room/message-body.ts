import { isBlank } from '@belfry/protocol/blank.ts'
import { MESSAGE_MAX_CHARS } from '@belfry/protocol/limits.ts'
import { numberWords } from '#theme/number-words.ts'

/** In place of what it says. */
export const BLOCKED_TEXT = 'Written by somebody you have blocked.'

const WARN_BELOW_LEFT = 500

export interface Length {
  isSendable: boolean
  /** Said near the limit and beyond it. */
  warning: string | null
}

/** The text as it is sent: without blank lines around it, and without what no database stores. */
export function sendable(text: string): string {
  return text
    .replaceAll('\u0000', '')
    .toWellFormed()
    .replace(/^(?:[^\S\n]*\n)+/, '')
    .trimEnd()
}

export function lengthOf(text: string): Length {
  const body = sendable(text)
  const left = MESSAGE_MAX_CHARS - body.length
  if (left < 0) return { isSendable: false, warning: `${characters(-left)} too many` }
  return { isSendable: !isBlank(body), warning: left < WARN_BELOW_LEFT ? `${characters(left)} left` : null }
}

/** Whether the key belongs to an input method that is still composing. Safari says so by the key code alone. */
export function isComposing(event: { nativeEvent: { isComposing?: boolean; keyCode?: number } }): boolean {
  return event.nativeEvent.isComposing === true || event.nativeEvent.keyCode === 229
}

interface PressedKey {
  key: string
  shiftKey: boolean
  nativeEvent: { isComposing?: boolean; keyCode?: number }
}

/** Whether this key sends. On a keyboard of glass Enter breaks the line, where Shift+Enter cannot be had; there the button sends. */
export function sends(event: PressedKey, { isFinger }: { isFinger: boolean }): boolean {
  return event.key === 'Enter' && !event.shiftKey && !isFinger && !isComposing(event)
}

function characters(count: number): string {
  return `${numberWords(count)} ${count === 1 ? 'character' : 'characters'}`
}
