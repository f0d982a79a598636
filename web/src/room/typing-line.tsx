import { useEffect, useEffectEvent, useMemo, useRef, useState } from 'react'
import type { RoomHandle } from '@belfry/client/belfry.ts'
import { useObservable } from '#account/observe.ts'
import { useAccount } from '#account/use-account.ts'
import { typingWords } from './typing-words.ts'

/** A screen reader is told that somebody types this often at most. */
const SAID_EVERY_MS = 30_000

/** Who types. The line stands there always, so that nothing moves when somebody begins. */
export function TypingLine({ room }: { room: RoomHandle }) {
  const { people, blocked } = useAccount().belfry
  const [typing, unseen] = [useObservable(room.typing), useObservable(blocked)]
  // What they write is folded.
  const who = useMemo(() => typing.filter((id) => !unseen.has(id)), [typing, unseen])
  const known = useObservable(people.known)
  useEffect(() => {
    for (const id of who) people.ask(id)
  }, [who, people])
  const words = typingWords(who.map((id) => known.get(id)?.name ?? null))
  const said = useSaid(words)
  return (
    <>
      <p aria-hidden="true" data-typing className="h-6 flex-none truncate px-4 pt-0.5 text-meta text-ink-3 desk:px-6">
        {words}
      </p>
      <p aria-live="polite" className="sr-only">
        {said}
      </p>
    </>
  )
}

/** Only that it begins is said, not who joins in. */
function useSaid(words: string): string {
  const saidAt = useRef(-Infinity)
  const [said, setSaid] = useState('')
  const isTyping = words !== ''
  const say = useEffectEvent(() => {
    if (Date.now() - saidAt.current < SAID_EVERY_MS) return
    saidAt.current = Date.now()
    setSaid(words)
  })
  useEffect(() => {
    if (isTyping) say()
    else setSaid('')
  }, [isTyping])
  return said
}
