import { useState } from 'react'
import type { RoomHandle } from '@belfry/client/belfry.ts'
import type { Member, User } from '@belfry/protocol/rows.ts'
import { refusalWords } from '#account/refusal-words.ts'
import { tell } from '#shell/notice.tsx'
import { SOUGHT_MAX, useFoundPeople } from '#shell/use-found-people.ts'
import { Button } from '#theme/button.tsx'
import { Face } from '#theme/face.tsx'
import { SearchField } from '#theme/search-field.tsx'

interface AddPeopleProps {
  room: RoomHandle
  /** Who is there already, as far as that is loaded. */
  members: readonly Member[]
  onAdded: () => void
}

const FOUND_MAX = 6

/** Finds people by name, to add them. */
export function AddPeople({ room, members, onAdded }: AddPeopleProps) {
  const [words, setWords] = useState('')
  const found = useFoundPeople(words)
  const there = new Set(members.map(({ id }) => id))
  const addable = found?.filter(({ id }) => !there.has(id)).slice(0, FOUND_MAX)

  async function add({ id, name }: User): Promise<void> {
    try {
      await room.addMember(id)
      setWords('')
      tell(`${name} is in this room now.`)
    } catch (error) {
      tell(refusalWords(error))
    }
    onAdded()
  }

  return (
    <div className="mt-2">
      <SearchField label="Add people" placeholder="Add people: name or user name" value={words} onChange={setWords} />
      {addable && (
        <ul aria-label="Found" className="mt-2 rounded-medium border border-line px-3">
          {addable.map((person) => (
            <li key={person.id} className="flex items-center gap-3 border-line py-2 not-first:border-t">
              <Face id={person.id} name={person.name} picture={person.picture} size="small" />
              <span className="min-w-0 flex-1 truncate">
                {person.name} <span className="text-ink-3">{person.username}</span>
              </span>
              <Button size="small" aria-label={`Add ${person.name}`} onClick={() => void add(person)}>
                Add
              </Button>
            </li>
          ))}
          {addable.length === 0 && (
            <li className="py-2.5 text-small text-ink-2">{noneWords(words.trim(), found?.length === SOUGHT_MAX)}</li>
          )}
        </ul>
      )}
    </div>
  )
}

function noneWords(words: string, isMore: boolean): string {
  return isMore ? `Too many have “${words}” in their name. Write more of it.` : `Nobody else here has “${words}” in their name.`
}
