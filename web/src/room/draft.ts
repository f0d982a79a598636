import { useRef, useState } from 'react'
import { kept, keptKey } from '#account/kept.ts'
import { useAccount } from '#account/use-account.ts'

export interface Draft {
  text: string
  write: (text: string) => void
  /** It has been sent. What another tab is writing under the same key stays. */
  clear: () => void
}

/** What is being written, by name: outlives a reload. `initial`: the text to begin with where nothing is kept. */
export function useDraft(name: string, initial = ''): Draft {
  const key = keptKey(useAccount().user.id, name)
  const [text, setText] = useState(() => kept.getItem(key) ?? initial)
  const written = useRef(text)

  function write(next: string): void {
    setText(next)
    written.current = next
    keep(key, next)
  }

  function clear(): void {
    setText('')
    if (kept.getItem(key) === written.current) kept.removeItem(key)
    written.current = ''
  }

  return { text, write, clear }
}

export function editDraft(messageId: string): string {
  return `edit:${messageId}`
}

/** The kept text of a draft that nobody shows any more; it is kept no longer. */
export function takeDraft(userId: string, name: string): string | null {
  const key = keptKey(userId, name)
  const text = kept.getItem(key)
  kept.removeItem(key)
  return text
}

function keep(key: string, text: string): void {
  try {
    if (text === '') kept.removeItem(key)
    else kept.setItem(key, text)
  } catch {
    // The browser's storage is full: the text stands in the box all the same.
  }
}
