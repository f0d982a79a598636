import { useRef, useState } from 'react'
import type { Result } from '@belfry/protocol/commands.ts'
import { useCall } from '#account/use-call.ts'
import { Badge } from '#theme/badge.tsx'
import { Button } from '#theme/button.tsx'
import { Icon } from '#theme/icons.tsx'
import { Section } from '#theme/section.tsx'
import { shortDay } from '#theme/times.ts'
import { AskedList } from './asked-list.tsx'
import { ListRow } from '#theme/list-row.tsx'
import { madeWords, markOf } from './made-words.ts'
import { NewKeyDialog } from './new-key-dialog.tsx'
import { RevokeButton } from './revoke-button.tsx'
import { SCOPE_WORDS } from './scopes.ts'
import { OFTEN_MS, useAsked } from './use-asked.ts'
import { usePages } from './use-pages.ts'

type Key = Result<'key.list'>['items'][number]

const PAGE_SIZE = 20

export function KeysPart() {
  const pages = usePages('keys')
  const asked = useAsked('key.list', { ...(pages.cursor && { cursor: pages.cursor }), limit: PAGE_SIZE }, { everyMs: OFTEN_MS })
  const heading = useRef<HTMLHeadingElement>(null)
  const [isAdding, setAdding] = useState(false)
  return (
    <Section
      title="API keys"
      heading={heading}
      lead="For programs: each opens what it was made for, and nothing else."
      action={
        <Button look="main" size="small" onClick={() => setAdding(true)}>
          <Icon name="plus" className="size-4" />
          New key
        </Button>
      }
    >
      <AskedList asked={asked} pages={pages} label="API keys" empty={<NoKeys />}>
        {(key) => <KeyRow key={key.id} apiKey={key} onChanged={asked.again} onFocusLost={() => heading.current?.focus()} />}
      </AskedList>
      {isAdding && <NewKeyDialog onClose={() => setAdding(false)} onAdded={asked.again} />}
    </Section>
  )
}

function NoKeys() {
  return (
    <>
      <p className="font-bold text-ink">No keys yet</p>
      <p className="mt-1 text-small">Make one for the first program that should ring somebody’s bell.</p>
    </>
  )
}

interface KeyRowProps {
  apiKey: Key
  onChanged: () => void
  onFocusLost: () => void
}

function KeyRow({ apiKey, onChanged, onFocusLost }: KeyRowProps) {
  const call = useCall()
  const now = Date.now()
  const isRevoked = apiKey.revokedAt !== null
  return (
    <ListRow
      icon="key"
      isDim={isRevoked}
      title={apiKey.name}
      badge={isRevoked && <Badge tone="bad">Revoked</Badge>}
      facts={[
        apiKey.scopes.map((scope) => SCOPE_WORDS[scope].title).join(', '),
        madeWords(apiKey, now),
        apiKey.usedAt === null ? 'never used' : `last used ${shortDay(apiKey.usedAt, now)}`,
        markOf(apiKey),
      ]}
    >
      {!isRevoked && (
        <RevokeButton
          title={`Revoke ${apiKey.name}?`}
          words={`It was ${madeWords(apiKey, now)} (${markOf(apiKey)}). Programs that use it are refused at once. It cannot be brought back.`}
          onRevoke={() => call('key.revoke', { id: apiKey.id })}
          onRevoked={onChanged}
          onFocusLost={onFocusLost}
        />
      )}
    </ListRow>
  )
}
