import { useRef, useState } from 'react'
import { kept, keptKey } from '#account/kept.ts'
import { useAccount } from '#account/use-account.ts'

export interface Draft {
  text: string
  write: (text: string) => void
  /** It is done with. What another tab is writing under the same key stays. */
  clear: () => void
  /** It was sent for this message: the box is empty, and the draft goes once that is safe. */
  sent: (messageId: string) => void
}

/** Texts that were sent, by key, and are kept until the messages are safe: they are not shown again. */
const sentTexts = new Map<string, string>()

/** What is being written, by name: outlives a reload. `initial`: the text to begin with where nothing is kept. */
export function useDraft(name: string, initial = ''): Draft {
  const { user, belfry } = useAccount()
  const key = keptKey(user.id, name)
  const [text, setText] = useState(() => unsentText(key) ?? initial)
  const written = useRef(text)

  function write(next: string): void {
    setText(next)
    written.current = next
    keep(key, next)
  }

  function clear(): void {
    setText('')
    if (kept.get(key) === written.current) kept.remove(key)
    written.current = ''
  }

  function sent(messageId: string): void {
    const text = written.current
    sentTexts.set(key, text)
    setText('')
    written.current = ''
    void belfry.whenSafe(messageId).then(() => {
      if (sentTexts.get(key) !== text) return
      sentTexts.delete(key)
      if (kept.get(key) === text) kept.remove(key)
    })
  }

  return { text, write, clear, sent }
}

function unsentText(key: string): string | null {
  const text = kept.get(key)
  return text === sentTexts.get(key) ? null : text
}

export function editDraft(messageId: string): string {
  return `edit:${messageId}`
}

export function roomDraft(roomId: string): string {
  return `draft:${roomId}`
}

/** Puts a text below what is kept of a draft that nobody shows at present. */
export function addToDraft(userId: string, name: string, text: string): void {
  const key = keptKey(userId, name)
  keep(key, joined(unsentText(key) ?? '', text))
}

export function joined(text: string, more: string): string {
  return text === '' ? more : `${text}\n\n${more}`
}

/** The kept text of a draft that nobody shows any more; it is kept no longer. */
export function takeDraft(userId: string, name: string): string | null {
  const key = keptKey(userId, name)
  const text = kept.get(key)
  kept.remove(key)
  return text
}

/** Where the browser's storage is full, the text stands in the box all the same. */
function keep(key: string, text: string): void {
  sentTexts.delete(key)
  if (text === '') kept.remove(key)
  else kept.set(key, text)
}
