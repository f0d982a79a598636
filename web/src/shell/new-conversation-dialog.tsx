import { useState } from 'react'
import { useLocation } from 'wouter'
import { DIRECT_PEOPLE_MAX } from '@belfry/protocol/limits.ts'
import type { User } from '@belfry/protocol/rows.ts'
import { FormDialog } from '#account/form-dialog.tsx'
import { roomPath } from '#account/paths.ts'
import { useAccount } from '#account/use-account.ts'
import { settled } from '#account/use-call.ts'
import { useForm } from '#account/use-form.ts'
import { Face } from '#theme/face.tsx'
import { Icon } from '#theme/icons.tsx'
import { SearchField } from '#theme/search-field.tsx'
import { useFoundPeople } from './use-found-people.ts'

const FOUND_MAX = 6

/** Whom to talk with: the conversation with these people is opened, or begun. `people`: who is chosen to begin with. */
export function NewConversationDialog({ people = [], onClose }: { people?: readonly User[]; onClose: () => void }) {
  const { user, belfry } = useAccount()
  const [, navigate] = useLocation()
  const [chosen, setChosen] = useState(people)
  const [words, setWords] = useState('')
  const found = useFoundPeople(words)
  const free = found?.filter(({ id }) => id !== user.id && !chosen.some((one) => one.id === id)).slice(0, FOUND_MAX)
  const form = useForm(async () => {
    if (chosen.length === 0) return
    await settled(belfry.connection)
    const id = await belfry.rooms.openDirect(chosen.map((one) => one.id))
    onClose()
    navigate(roomPath(id))
  })

  function choose(person: User): void {
    setChosen([...chosen, person])
    setWords('')
  }

  return (
    <FormDialog title="New conversation" form={form} action="Open" acting="Opening…" isIdle={chosen.length === 0} onClose={onClose}>
      <p className="mb-3 text-ink-2">With one person, or with up to {DIRECT_PEOPLE_MAX - 1}. Nobody else reads along.</p>
      <Chosen people={chosen} onTakeOut={(id) => setChosen(chosen.filter((one) => one.id !== id))} />
      {chosen.length < DIRECT_PEOPLE_MAX - 1 && (
        <SearchField
          label="Find people"
          placeholder="Name or user name"
          value={words}
          onChange={setWords}
          {...(words.trim() !== '' && { onEnter: () => free?.[0] && choose(free[0]) })}
        />
      )}
      {free && <Found people={free} onChoose={choose} />}
    </FormDialog>
  )
}

function Chosen({ people, onTakeOut }: { people: readonly User[]; onTakeOut: (id: string) => void }) {
  if (people.length === 0) return null
  return (
    <ul aria-label="Chosen" className="mb-2 flex flex-wrap gap-1.5">
      {people.map(({ id, name }) => (
        <li key={id}>
          <button
            type="button"
            aria-label={`Take ${name} out`}
            onClick={() => onTakeOut(id)}
            className="flex h-8 items-center gap-1.5 rounded-full bg-selected pr-2 pl-3 text-small font-medium hover:bg-hover coarse:h-11"
          >
            {name}
            <Icon name="close" className="size-3.5" />
          </button>
        </li>
      ))}
    </ul>
  )
}

function Found({ people, onChoose }: { people: readonly User[]; onChoose: (person: User) => void }) {
  return (
    <ul aria-label="Found" className="mt-2 rounded-medium border border-line p-1">
      {people.map((person) => (
        <li key={person.id}>
          <button
            type="button"
            onClick={() => onChoose(person)}
            className="flex w-full items-center gap-3 rounded-small px-2 py-1.5 text-left hover:bg-hover coarse:min-h-11"
          >
            <Face id={person.id} name={person.name} picture={person.picture} size="small" />
            <span className="min-w-0 flex-1 truncate">
              {person.name} <span className="text-ink-3">{person.username}</span>
            </span>
          </button>
        </li>
      ))}
      {people.length === 0 && <li className="px-2 py-1.5 text-small text-ink-2">Nobody else here is called that.</li>}
    </ul>
  )
}
