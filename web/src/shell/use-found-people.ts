import { useEffect, useState } from 'react'
import type { User } from '@belfry/protocol/rows.ts'
import { lookedWords } from '#account/refusal-words.ts'
import { useCall } from '#account/use-call.ts'
import { tell } from './notice.tsx'
import { isFoundBy } from './folded.ts'

/** So many are sought at once. */
export const SOUGHT_MAX = 100
const TYPED_AFTER_MS = 200

/** People whose name holds these words. Null: nothing is sought, or nothing is known yet. */
export function useFoundPeople(words: string): readonly User[] | null {
  const call = useCall()
  const [found, setFound] = useState<readonly User[] | null>(null)
  const query = words.trim()
  useEffect(() => {
    if (query === '') return setFound(null)
    let isOld = false
    const timer = setTimeout(() => {
      call('user.find', { query, limit: SOUGHT_MAX }).then(
        ({ items }) => isOld || setFound(items.filter((person) => isCalled(person, query))),
        (error: unknown) => isOld || tell(lookedWords(error)),
      )
    }, TYPED_AFTER_MS)
    return () => {
      isOld = true
      clearTimeout(timer)
    }
  }, [query, call])
  return query === '' ? null : found
}

/** The server also looks through ids, which nobody reads: whoever names one whole means it. */
function isCalled({ id, name, username }: User, query: string): boolean {
  return id === query || isFoundBy(`${name} ${username}`, query)
}
