import { useEffect, useMemo } from 'react'
import type { RoomView } from '@belfry/client/belfry.ts'
import { useObservable } from '#account/observe.ts'
import { useAccount } from '#account/use-account.ts'
import type { Quoted } from './message-row.tsx'

/** What a message answers, by the id that it names; the same object as long as it looks the same. */
export function useQuoted({ quoted, items }: RoomView): (messageId: string | null) => Quoted | null {
  const { belfry } = useAccount()
  const known = useObservable(belfry.people.known)
  const blocked = useObservable(belfry.blocked)
  useEffect(() => {
    for (const message of quoted.values()) if (message) belfry.people.ask(message.authorId)
  }, [quoted, belfry])
  const all = useMemo(() => {
    const answered = new Set(items.flatMap(({ replyTo }) => replyTo ?? []))
    return new Map(
      [...answered].map((id): [string, Quoted] => {
        const message = quoted.get(id)
        const author = message ? (known.get(message.authorId)?.name ?? '…') : ''
        return [id, { message, author, isBlocked: message ? blocked.has(message.authorId) : false }]
      }),
    )
  }, [quoted, items, known, blocked])
  return (id) => (id === null ? null : (all.get(id) ?? null))
}
