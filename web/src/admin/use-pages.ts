import { useState } from 'react'

interface Pages {
  /** Where the page begins; undefined: at the start. */
  cursor: string | undefined
  /** How many pages stand before it. */
  index: number
  toNext: (next: string) => void
  toPrevious: () => void
}

/** Leafs through a list by its cursors. Another list begins at its start. */
export function usePages(list: string): Pages {
  const [held, setHeld] = useState<{ list: string; cursors: readonly string[] }>({ list, cursors: [] })
  const cursors = held.list === list ? held.cursors : []
  return {
    cursor: cursors.at(-1),
    index: cursors.length,
    toNext: (next) => setHeld({ list, cursors: [...cursors, next] }),
    toPrevious: () => setHeld({ list, cursors: cursors.slice(0, -1) }),
  }
}
