import { useEffect, useEffectEvent } from 'react'

const EVERY_MS = 5_000

/** Asks for what no topic tells of again and again, as long as somebody looks. */
export function useOften(ask: () => void): void {
  const onTick = useEffectEvent(() => document.visibilityState === 'visible' && ask())
  useEffect(() => {
    const timer = setInterval(() => onTick(), EVERY_MS)
    return () => clearInterval(timer)
  }, [])
}
