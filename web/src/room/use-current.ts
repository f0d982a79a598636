import { type KeyboardEvent, type RefObject, useCallback, useEffect, useState } from 'react'
import type { VirtualizerHandle } from 'virtua'
import { focusMessageSoon } from './focus.ts'
import type { TimelineRow } from './timeline.ts'

const STEPS: Readonly<Record<string, number>> = { ArrowUp: -1, ArrowDown: 1, Home: -Infinity, End: Infinity }

export interface Current {
  key: string | null
  index: number
  setKey: (key: string) => void
  /** Makes it the current one, and gives it the focus. */
  focus: (key: string) => void
  onKeyDown: (event: KeyboardEvent) => void
}

/** The one message that Tab reaches (the newest at first); arrows, Home and End move on from it. */
export function useCurrent(rows: readonly TimelineRow[], list: RefObject<VirtualizerHandle | null>): Current {
  const [chosen, setKey] = useState<string | null>(null)
  const [toFocus, setToFocus] = useState<{ key: string } | null>(null)
  const found = chosen === null ? -1 : rows.findIndex((row) => row.key === chosen)
  const index = found < 0 ? rows.length - 1 : found
  const key = rows[index]?.key ?? null

  useEffect(() => (toFocus ? focusMessageSoon(toFocus.key) : undefined), [toFocus])

  const focus = useCallback((next: string) => {
    setKey(next)
    setToFocus({ key: next })
  }, [])

  const onKeyDown = useCallback(
    (event: KeyboardEvent) => {
      const step = STEPS[event.key]
      if (step === undefined || event.altKey || !(event.target as HTMLElement).dataset['message']) return
      event.preventDefault()
      const first = rows[0]?.is === 'beginning' ? 1 : 0
      const next = Math.min(rows.length - 1, Math.max(first, index + step))
      focus(rows[next]!.key)
      list.current?.scrollToIndex(next, { align: 'nearest' })
    },
    [rows, index, list, focus],
  )

  return { key, index, setKey, focus, onKeyDown }
}
