import { useEffect, useEffectEvent, useState } from 'react'
import { useLocation, useSearch } from 'wouter'
import { Button } from '#theme/button.tsx'
import { Icon } from '#theme/icons.tsx'
import { SearchField } from '#theme/search-field.tsx'
import { Section } from '#theme/section.tsx'
import { Select } from '#theme/select.tsx'
import { AskedList } from './asked-list.tsx'
import { NewPersonDialog } from './new-person-dialog.tsx'
import { PersonRow } from './person-row.tsx'
import { totalWords, whereWords } from './person-words.ts'
import { PAGE_SIZE, type PeopleState, usePeople } from './use-people.ts'

const STATES: readonly { state: PeopleState; label: string }[] = [
  { state: 'local', label: 'All accounts' },
  { state: 'active', label: 'Active' },
  { state: 'disabled', label: 'Disabled' },
  { state: 'imported', label: 'Imported' },
]

const TYPED_AFTER_MS = 250

export function PeoplePart() {
  const { asked, search, total, pages, people } = usePeople(useSearched())
  const [isAdding, setAdding] = useState(false)
  return (
    <Section
      title="People"
      action={
        <Button look="main" size="small" onClick={() => setAdding(true)}>
          <Icon name="plus" className="size-4" />
          New account
        </Button>
      }
    >
      <PeopleSearch />
      <p role="status" className="mt-3 text-small text-ink-3">
        {total === null ? '\u00a0' : totalWords({ total, query: search.query })}
      </p>
      <AskedList
        asked={{ ...asked, value: asked.value && { ...asked.value, items: people } }}
        pages={pages}
        where={whereWords({ index: pages.index, size: PAGE_SIZE, shown: people.length, total: total ?? 0 })}
        label="People"
        empty={<Nobody query={search.query} />}
      >
        {(account) => <PersonRow key={account.id} account={account} onChanged={asked.again} />}
      </AskedList>
      {isAdding && <NewPersonDialog onClose={() => setAdding(false)} onAdded={asked.again} />}
    </Section>
  )
}

/** The search stands in the address: a reload and a link keep it. */
function useSearched(): { query: string; state: PeopleState } {
  const parameters = new URLSearchParams(useSearch())
  const state = STATES.find(({ state }) => state === parameters.get('state'))?.state ?? 'local'
  return { query: parameters.get('q') ?? '', state }
}

function PeopleSearch() {
  const { query, state } = useSearched()
  const [, navigate] = useLocation()
  const [typed, setTyped] = useTyped(query)
  const search = (sought: { query: string; state: PeopleState }) => navigate(pathOf(sought), { replace: true })
  const searchTyped = useEffectEvent(() => typed.trim() !== query && search({ query: typed.trim(), state }))
  useEffect(() => {
    const timer = setTimeout(() => searchTyped(), TYPED_AFTER_MS)
    return () => clearTimeout(timer)
  }, [typed])

  return (
    <div role="search" className="mt-3 flex flex-wrap gap-2">
      <SearchField
        label="Search people"
        placeholder="Name, user name or id"
        value={typed}
        onChange={setTyped}
        className="min-w-64 flex-1"
      />
      <Select
        aria-label="Which accounts"
        value={state}
        onChange={(event) => search({ query: typed.trim(), state: event.target.value as PeopleState })}
      >
        {STATES.map(({ state, label }) => (
          <option key={state} value={state}>
            {label}
          </option>
        ))}
      </Select>
    </div>
  )
}

/** What stands in the box: what is typed, until the address says something else. */
function useTyped(query: string) {
  const [typed, setTyped] = useState(query)
  const [told, setTold] = useState(query)
  if (query !== told) {
    setTold(query)
    if (query !== typed.trim()) setTyped(query)
  }
  return [typed, setTyped] as const
}

function pathOf({ query, state }: { query: string; state: PeopleState }): string {
  const parameters = new URLSearchParams({ ...(query && { q: query }), ...(state !== 'local' && { state }) }).toString()
  return parameters ? `/admin/people?${parameters}` : '/admin/people'
}

function Nobody({ query }: { query: string }) {
  return (
    <>
      <p className="font-bold text-ink">Nobody here</p>
      <p className="mt-1 text-small">{query ? `No name, user name or id holds “${query}”.` : 'No account is in this state.'}</p>
    </>
  )
}
