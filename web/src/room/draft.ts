import { useState } from 'react'
import { kept, keptKey } from '#account/kept.ts'
import { useAccount } from '#account/use-account.ts'

/** What is being written in a room; outlives a reload. */
export function useDraft(roomId: string): [string, (text: string) => void] {
  const key = keptKey(useAccount().user.id, `draft:${roomId}`)
  const [text, setText] = useState(() => kept.getItem(key) ?? '')

  function write(next: string): void {
    setText(next)
    keep(key, next)
  }

  return [text, write]
}

function keep(key: string, text: string): void {
  try {
    if (text === '') kept.removeItem(key)
    else kept.setItem(key, text)
  } catch {
    // The browser's storage is full: the text stands in the box all the same.
  }
}
