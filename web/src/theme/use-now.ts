import { useEffect, useState } from 'react'

/** The time, renewed every so often; null: only when something else renders. */
export function useNow(everyMs: number | null): number {
  const [, setTick] = useState(0)
  useEffect(() => {
    if (everyMs === null) return
    const timer = setInterval(() => setTick((tick) => tick + 1), everyMs)
    return () => clearInterval(timer)
  }, [everyMs])
  return Date.now()
}
