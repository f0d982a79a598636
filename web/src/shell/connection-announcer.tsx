import { useEffect, useEffectEvent, useRef, useState } from 'react'
import type { ConnectionWords } from './connection-words.ts'

const CLEARED_AFTER_MS = 5_000

/** Tells a screen reader once that the connection is lost, and once that it is back. */
export function ConnectionAnnouncer({ words }: { words: ConnectionWords | null }) {
  const [told, setTold] = useState('')
  const isTrouble = words !== null
  const tellTrouble = useEffectEvent(() => setTold(words?.text ?? ''))
  const hadTrouble = useRef(false)

  useEffect(() => {
    if (isTrouble) tellTrouble()
    else if (hadTrouble.current) setTold('Connected again.')
    hadTrouble.current = isTrouble
    const timer = setTimeout(() => setTold(''), CLEARED_AFTER_MS)
    return () => clearTimeout(timer)
  }, [isTrouble])

  return (
    <p aria-live="polite" className="sr-only">
      {told}
    </p>
  )
}
