import { useEffect, useState } from 'react'
import { ConnectionLost } from '@belfry/client/belfry.ts'
import type { CommandName, Input, Result } from '@belfry/protocol/commands.ts'
import { useObservable } from '#account/observe.ts'
import { refusalWords } from '#account/refusal-words.ts'
import { useAccount } from '#account/use-account.ts'

export interface Asked<T> {
  /** The last answer; while another question waits for its own, that of the one before. */
  value: T | null
  isOfEarlier: boolean
  /** Why the newest question was refused. */
  failure: string | null
  again: () => void
}

interface Answer<T> {
  question: string
  value: T | null
  failure: string | null
}

/** What the server answers to a command that only looks. Asked again whenever the connection is back. */
export function useAsked<N extends CommandName>(name: N, input: Input<N>): Asked<Result<N>> {
  const { belfry } = useAccount()
  const isOnline = useObservable(belfry.connection).is === 'online'
  const [round, setRound] = useState(0)
  const [answer, setAnswer] = useState<Answer<Result<N>> | null>(null)
  const question = JSON.stringify([name, input])

  useEffect(() => {
    if (!isOnline) return
    let isWanted = true
    const [asked, about] = JSON.parse(question) as [N, Input<N>]
    belfry.call(asked, about).then(
      (value) => isWanted && setAnswer({ question, value, failure: null }),
      (error: unknown) => {
        // It is asked again when the connection is back; until then the bar says so.
        if (!isWanted || error instanceof ConnectionLost) return
        setAnswer((before) => ({ question, value: before?.value ?? null, failure: refusalWords(error) }))
      },
    )
    return () => void (isWanted = false)
  }, [belfry, question, isOnline, round])

  return {
    value: answer?.value ?? null,
    isOfEarlier: answer !== null && answer.question !== question,
    failure: answer?.question === question ? answer.failure : null,
    again: () => setRound((count) => count + 1),
  }
}
