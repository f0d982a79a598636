import { type KeyboardEvent, type RefObject, useEffect, useLayoutEffect, useRef, useState } from 'react'
import type { RoomHandle } from '@belfry/client/belfry.ts'
import type { User } from '@belfry/protocol/rows.ts'
import { useObservable } from '#account/observe.ts'
import { useAccount } from '#account/use-account.ts'
import { isFoundBy } from '#shell/folded.ts'
import { isComposing } from './message-body.ts'
import { type BegunName, begunName, isWrittenOut, namesOfManyFor, withName } from './naming.ts'

/** What may be named: a member, or many at once. */
export type Nameable = { is: 'person'; name: string; person: User } | { is: 'many'; name: 'room' | 'here' }

const OFFERED_MAX = 6
const TYPED_AFTER_MS = 120

export interface Naming {
  offered: readonly Nameable[]
  /** Which of them a key chooses. */
  at: number
  /** Something was written. */
  look: () => void
  /** The caret may stand elsewhere now. Where nobody is writing a name it begins none: keys do what they do in any text. */
  follow: () => void
  choose: (one: Nameable) => void
  close: () => void
  /** Answers whether the key was for this. */
  onKeyDown: (event: KeyboardEvent) => boolean
}

interface NamingOptions {
  room: RoomHandle
  box: RefObject<HTMLTextAreaElement | null>
  text: string
  write: (text: string) => void
}

/** Offers whom one may mean, while a name is being written. */
export function useNaming({ room, box, text, write }: NamingOptions): Naming {
  const [begun, setBegun] = useState<BegunName | null>(null)
  // By its name: who comes to stand before it takes no key that was meant for it.
  const [reached, setReached] = useState<string | null>(null)
  const offered = useOffered(room, begun)
  const at = Math.max(
    0,
    offered.findIndex(({ name }) => name === reached),
  )
  const placeCaret = useCaret(box, text)

  function look(): void {
    const caret = box.current?.selectionEnd ?? 0
    const next = begunName(box.current?.value ?? '', caret)
    if (next?.at === begun?.at && next?.query === begun?.query) return
    setBegun(next)
    setReached(null)
  }

  function choose(one: Nameable): void {
    if (!begun) return
    const named = withName(text, begun, one.name)
    placeCaret(named.caret)
    write(named.text)
    setBegun(null)
    box.current?.focus()
  }

  function onKeyDown(event: KeyboardEvent): boolean {
    if (offered.length === 0 || isComposing(event)) return false
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    if (step !== 0) setReached(offered[(at + step + offered.length) % offered.length]!.name)
    else if (event.key === 'Enter' || event.key === 'Tab') choose(offered[at]!)
    else if (event.key === 'Escape') setBegun(null)
    else return false
    event.preventDefault()
    return true
  }

  return { offered, at, look, follow: () => begun && look(), choose, close: () => setBegun(null), onKeyDown }
}

/** Puts the caret where it belongs once the text is there. */
function useCaret(box: RefObject<HTMLTextAreaElement | null>, text: string): (caret: number) => void {
  const wanted = useRef<number | null>(null)
  useLayoutEffect(() => {
    if (wanted.current !== null) box.current?.setSelectionRange(wanted.current, wanted.current)
    wanted.current = null
  }, [box, text])
  return (caret) => void (wanted.current = caret)
}

/** Whom the room knows. */
interface Found {
  ids: readonly string[]
  /** By these words; null: none were answered. */
  answered: string | null
}

const NOBODY: Found = { ids: [], answered: null }

/** Members of the room by name, then what names many; these not before it is known whether somebody is called so, lest a quick Enter calls everybody. */
function useOffered(room: RoomHandle, begun: BegunName | null): readonly Nameable[] {
  const { user, belfry } = useAccount()
  const known = useObservable(belfry.people.known)
  const [{ ids, answered }, setFound] = useState<Found>(NOBODY)
  const query = begun?.query ?? null
  useEffect(() => {
    if (query === null) return setFound(NOBODY)
    let isOld = false
    const timer = setTimeout(() => {
      // Without an answer nobody is offered: the name can be written out all the same.
      room.members({ query, limit: OFFERED_MAX + 1 }).then(
        ({ items }) => isOld || setFound({ ids: items.map(({ id }) => id), answered: query }),
        () => isOld || setFound(NOBODY),
      )
    }, TYPED_AFTER_MS)
    return () => {
      isOld = true
      clearTimeout(timer)
    }
  }, [room, query])
  useEffect(() => {
    for (const id of ids) belfry.people.ask(id)
  }, [ids, belfry])
  if (query === null) return []
  // The answer to what was written before may still be the last.
  const isMeant = ({ name, username }: User) => isFoundBy(`${name} ${username}`, query)
  const others = ids.flatMap((id) => (id === user.id ? [] : (known.get(id) ?? [])))
  const people = others.filter(isMeant).slice(0, OFFERED_MAX)
  const isKnown = answered === query && ids.every((id) => id === user.id || known.has(id))
  const ofMany = isKnown || people.length > 0 ? namesOfManyFor(query) : []
  const nameable = [
    ...people.map((person): Nameable => ({ is: 'person', name: person.username, person })),
    ...ofMany.map((name): Nameable => ({ is: 'many', name })),
  ]
  return isWrittenOut(query, nameable) ? [] : nameable
}
