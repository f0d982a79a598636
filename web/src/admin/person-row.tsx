import { useAccount } from '#account/use-account.ts'
import { Badge } from '#theme/badge.tsx'
import { CopyableText } from '#theme/copy-button.tsx'
import { Face } from '#theme/face.tsx'
import { fullDate, shortDay } from '#theme/times.ts'
import type { Account } from './live-people.ts'
import { PersonMenu } from './person-menu.tsx'
import { devicesWords, stateWords } from './person-words.ts'

interface PersonRowProps {
  account: Account
  /** Something was done to it here. */
  onChanged: () => void
}

export function PersonRow({ account, onChanged }: PersonRowProps) {
  const { user } = useAccount()
  const state = stateWords(account)
  return (
    <li aria-label={account.username} className="flex gap-3 border-line py-3 not-first:border-t">
      <Face id={account.id} name={account.name} picture={account.picture} />
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-center gap-x-2 gap-y-0.5 leading-snug">
          <span className="min-w-0 font-bold [overflow-wrap:anywhere]">{account.name}</span>
          {account.id === user.id && <Badge>You</Badge>}
          {account.role === 'admin' && <Badge tone="accent">Administrator</Badge>}
          {state && <Badge tone={account.disabledAt === null ? 'plain' : 'bad'}>{state}</Badge>}
        </p>
        <p className="flex flex-wrap gap-x-1.5 text-small text-ink-2">
          <span className="[overflow-wrap:anywhere]">{account.username}</span>
          {account.importedFrom === null && <span className="before:mr-1.5 before:content-['·']">{devicesWords(account.sessions)}</span>}
          <time
            dateTime={new Date(account.createdAt).toISOString()}
            title={fullDate(account.createdAt)}
            className="before:mr-1.5 before:content-['·']"
          >
            since {shortDay(account.createdAt, Date.now())}
          </time>
        </p>
        <CopyableText text={account.id} label={`the id of ${account.username}`} />
      </div>
      {account.importedFrom === null && <PersonMenu account={account} onChanged={onChanged} />}
    </li>
  )
}
