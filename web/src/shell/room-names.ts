import { useCallback, useEffect } from 'react'
import type { User } from '@belfry/protocol/rows.ts'
import { useObservable } from '#account/observe.ts'
import { useAccount } from '#account/use-account.ts'
import { byName } from './room-order.ts'

/** What a room is called by: its name, or whom one talks with there. */
export interface Called {
  name: string
  /** Null: it has a name. */
  people: readonly string[] | null
  /** Whether it has begun as a conversation of two, and not as a group of which two are left. */
  isPair: boolean
}

/** 'Bob', 'Bob and Carol', 'Bob, Carol and 3 others'; a conversation that everybody else has left: 'Only you'. */
export function namesInWords(names: readonly string[]): string {
  if (names.length === 0) return 'Only you'
  if (names.length === 1) return names[0]!
  const shown = names.length > 4 ? names.slice(0, 3) : names.slice(0, -1)
  const rest = names.length - shown.length
  return `${shown.join(', ')} and ${rest === 1 ? names.at(-1)! : `${rest} others`}`
}

export function roomName({ name, people, isPair }: Called, known: ReadonlyMap<string, User>, ownId: string): string {
  if (people === null) return name
  const others = people.filter((id) => id !== ownId)
  // Until they are known the order is nobody's.
  const names = others.map((id) => known.get(id)?.name ?? '…').toSorted(byName)
  return names.length === 1 && !isPair ? `You and ${names[0]}` : namesInWords(names)
}

/** Its people with oneself among them: 'You and Bob', 'You, Bob and Carol'. `name`: what it is called. */
export function withOneself(name: string, { people, isPair }: Omit<Called, 'name'>): string {
  if (isPair) return `You and ${name}`
  return (people?.length ?? 0) > 2 ? `You, ${name}` : name
}

/** The other one of a pair. */
export function otherOf({ people, isPair }: Omit<Called, 'name'>, ownId: string): string | null {
  return isPair ? (people?.find((id) => id !== ownId) ?? null) : null
}

/** Names rooms, and has those asked for who are in these conversations. */
export function useRoomNames(rooms: readonly Pick<Called, 'people'>[]): (room: Called) => string {
  const { user, belfry } = useAccount()
  const known = useObservable(belfry.people.known)
  useEffect(() => {
    for (const id of new Set(rooms.flatMap(({ people }) => people ?? []))) belfry.people.ask(id)
  }, [rooms, belfry])
  return useCallback((room) => roomName(room, known, user.id), [known, user.id])
}
