import { useState } from 'react'
import { useObservable } from './observe.ts'
import { refusalWords } from './refusal-words.ts'
import { useAccount } from './use-account.ts'
import { settled } from './use-call.ts'

/** Until when one is not to be disturbed, and how to choose that; `failure`: why the last choice was not taken. */
export function useQuiet() {
  const { belfry } = useAccount()
  const until = useObservable(belfry.dnd)
  const [failure, setFailure] = useState<string | null>(null)

  async function choose(forMs: number | null): Promise<void> {
    setFailure(null)
    try {
      await settled(belfry.connection)
      await belfry.setDoNotDisturb(forMs)
    } catch (error) {
      setFailure(refusalWords(error))
    }
  }

  return { until, failure, choose }
}
