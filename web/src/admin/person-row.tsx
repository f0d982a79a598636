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
    <li
      aria-label={account.username}
      className="grid grid-cols-[2.5rem_minmax(0,1fr)_2.25rem] gap-x-3 border-line py-3 not-first:border-t coarse:grid-cols-[2.5rem_minmax(0,1fr)_2.75rem]"
    >
      <Face id={account.id} name={account.name} picture={account.picture} />
      <div className="min-w-0">
        <p className="flex flex-wrap items-center gap-x-2 gap-y-0.5 leading-snug">
          <span className="min-w-0 font-bold [overflow-wrap:anywhere]">{account.name}</span>
          {account.id === user.id && <Badge>You</Badge>}
          {account.role === 'admin' && <Badge tone="accent">Administrator</Badge>}
          {account.role === 'guest' && <Badge>Guest</Badge>}
          {state && <Badge tone={account.disabledAt === null ? 'plain' : 'bad'}>{state}</Badge>}
        </p>
        <p title={`Since ${fullDate(account.createdAt)}`} className="text-small text-ink-2 [overflow-wrap:anywhere]">
          {factsOf(account).map(unbroken).join(' · ')}
        </p>
      </div>
      {account.importedFrom === null ? <PersonMenu account={account} onChanged={onChanged} /> : <span />}
      <div className="col-span-2 col-start-2 min-w-0">
        <CopyableText text={account.id} label={`the id of ${account.username}`} />
      </div>
    </li>
  )
}

function factsOf(account: Account): string[] {
  const since = `since ${shortDay(account.createdAt, Date.now())}`
  return account.importedFrom === null ? [account.username, devicesWords(account.sessions), since] : [account.username, since]
}

/** Lines break between facts, not within one. */
function unbroken(fact: string): string {
  return fact.replaceAll(' ', '\u00a0')
}
