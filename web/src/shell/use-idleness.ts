import { useEffect } from 'react'
import { useAccount } from '#account/use-account.ts'
import { Idleness } from './idleness.ts'

const ACTS = ['pointermove', 'pointerdown', 'keydown', 'wheel', 'touchstart', 'focus'] as const

/** Tells others that one is away when nobody uses this page, or it has been out of sight, for a while. */
export function useIdleness(): void {
  const { presence } = useAccount().belfry
  useEffect(() => {
    const idleness = new Idleness({ now: () => Date.now(), after }, (isIdle) => presence.setIdle(isIdle))
    const stop = new AbortController()
    const { signal } = stop
    const acted = () => idleness.acted()
    for (const act of ACTS) addEventListener(act, acted, { signal, passive: true, capture: true })
    // Coming to the page is an act, and so is leaving it.
    document.addEventListener('visibilitychange', acted, { signal })
    return () => {
      stop.abort()
      idleness.close()
    }
  }, [presence])
}

function after(ms: number, run: () => void): () => void {
  const timer = setTimeout(run, ms)
  return () => clearTimeout(timer)
}
