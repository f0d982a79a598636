import { useEffect, useState } from 'react'
import { ConnectionLost } from '@belfry/client/belfry.ts'
import type { CommandName, Input, Result } from '@belfry/protocol/commands.ts'
import { useObservable } from '#account/observe.ts'
import { refusalWords } from '#account/refusal-words.ts'
import { useAccount } from '#account/use-account.ts'
import { useTrouble } from '#shell/connection-watch.tsx'

export interface Asked<T> {
  /** The last answer; while another question waits for its own, that of the one before. */
  value: T | null
  isOfEarlier: boolean
  /** It is not answered, and there is no connection. Asked when that is back. */
  isAway: boolean
  /** Why the newest question was refused. */
  failure: string | null
  again: () => void
}

interface Answer<T> {
  question: string
  value: T | null
  failure: string | null
}

/** For what no topic tells of. */
export const OFTEN_MS = 5_000

/** What the server answers to a command that only looks. Asked again whenever the connection is back, and `everyMs` while somebody looks. */
export function useAsked<N extends CommandName>(name: N, input: Input<N>, { everyMs }: { everyMs?: number } = {}): Asked<Result<N>> {
  const { belfry } = useAccount()
  const isOnline = useObservable(belfry.connection).is === 'online'
  const isTrouble = useTrouble() !== null
  const [round, setRound] = useState(0)
  const [answer, setAnswer] = useState<Answer<Result<N>> | null>(null)
  const question = JSON.stringify([name, input])

  useEffect(() => {
    if (!isOnline) return
    let isWanted = true
    let timer: ReturnType<typeof setTimeout> | undefined
    const [asked, about] = JSON.parse(question) as [N, Input<N>]
    const failed = (error: unknown) => {
      // It is asked again when the connection is back; until then the bar says so.
      if (!isWanted || error instanceof ConnectionLost) return
      setAnswer((before) => ({ question, value: before?.value ?? null, failure: refusalWords(error) }))
    }
    const ask = async (onFailure: (error: unknown) => void) => {
      await belfry.call(asked, about).then((value) => isWanted && setAnswer({ question, value, failure: null }), onFailure)
      if (isWanted && everyMs) timer = setTimeout(lookAgain, everyMs)
    }
    // What one sees stays where it cannot be looked at anew.
    const lookAgain = () => {
      if (document.visibilityState === 'visible') void ask(() => {})
      else timer = setTimeout(lookAgain, everyMs)
    }
    void ask(failed)
    return () => {
      isWanted = false
      clearTimeout(timer)
    }
  }, [belfry, question, isOnline, round, everyMs])

  const isAnswered = answer?.question === question
  return {
    value: answer?.value ?? null,
    isOfEarlier: answer !== null && !isAnswered,
    isAway: isTrouble && !isAnswered,
    failure: isAnswered ? answer.failure : null,
    again: () => setRound((count) => count + 1),
  }
}
