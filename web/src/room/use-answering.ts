import { useEffect, useState } from 'react'
import type { RoomView, TimelineItem } from '@belfry/client/belfry.ts'
import { tell } from '#shell/notice.tsx'
import type { Answering } from './answering-note.tsx'
import { useAuthors } from './use-authors.ts'

/** The message that is answered, wherever its reader goes meanwhile; until one sees that it is deleted, which is said. Elsewhere the server says so. */
export function useAnswering(view: RoomView): [Answering | null, (id: string | null) => void] {
  const author = useAuthors(view.items)
  const [id, setId] = useState<string | null>(null)
  const [seen, setSeen] = useState<TimelineItem | null>(null)
  const shown = [...view.items, ...view.latest].find((one) => one.id === id) ?? null
  if (shown !== null && shown !== seen) setSeen(shown)
  const item = shown ?? (seen?.id === id ? seen : null)
  const isDeleted = shown === null && item !== null && wouldShow(view, item)

  useEffect(() => {
    if (!isDeleted) return
    setId(null)
    tell('The message that you were answering was deleted.')
  }, [isDeleted])

  if (item === null || isDeleted) return [null, setId]
  return [{ id: item.id, author: author(item.authorId).name, body: item.body, onEnd: () => setId(null) }, setId]
}

/** Whether it stands among those that are shown, if it stands at all. */
function wouldShow({ is, items, from, later, latest }: RoomView, { n }: TimelineItem): boolean {
  if (is !== 'ready' || n === null) return false
  const to = later ? (items.at(-1)?.n ?? 0) : Infinity
  return (from <= n && n <= to) || (latest[0]?.n ?? Infinity) <= n
}
