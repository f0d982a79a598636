import { useRef, useState } from 'react'
import type { OwnSession } from '@belfry/client/belfry.ts'
import { FormDialog } from '#account/form-dialog.tsx'
import { useObservable } from '#account/observe.ts'
import { refusalWords } from '#account/refusal-words.ts'
import { useAccount } from '#account/use-account.ts'
import { useCall } from '#account/use-call.ts'
import { useForm } from '#account/use-form.ts'
import { Badge } from '#theme/badge.tsx'
import { FormAlert } from '#theme/form-alert.tsx'
import { Icon } from '#theme/icons.tsx'
import { LeavingButton } from '#theme/leaving-button.tsx'
import { Section } from '#theme/section.tsx'
import { fullDate } from '#theme/times.ts'
import { signedInWords, usedWords } from './device-words.ts'

/** Where one is signed in: rows like any other, so another device appears and goes while one looks. */
export function DevicesSection() {
  const sessions = useObservable(useAccount().belfry.sessions)
  const heading = useRef<HTMLHeadingElement>(null)
  const { ending, failure, end } = useEnding()
  const hasOthers = sessions?.some((session) => !session.isCurrent) ?? false
  const toHeading = () => heading.current?.focus()
  return (
    <Section
      title="Devices"
      heading={heading}
      lead="Where you are signed in. Is there one that you do not know? Sign it out, and change your password."
      action={hasOthers && <EverywhereElse onFocusLost={toHeading} />}
    >
      <FormAlert>{failure}</FormAlert>
      <ul aria-label="Devices" aria-busy={sessions === null} className="mt-2">
        {sessions?.map((session) => (
          <DeviceRow
            key={session.id}
            session={session}
            isEnding={ending === session.id}
            onEnd={() => void end(session.id)}
            onFocusLost={toHeading}
          />
        ))}
      </ul>
    </Section>
  )
}

function useEnding() {
  const call = useCall()
  const [ending, setEnding] = useState<string | null>(null)
  const [failure, setFailure] = useState<string | null>(null)

  async function end(id: string): Promise<void> {
    setEnding(id)
    setFailure(null)
    try {
      await call('session.end-other', { id })
    } catch (error) {
      setFailure(refusalWords(error))
    } finally {
      setEnding(null)
    }
  }

  return { ending, failure, end }
}

interface DeviceRowProps {
  session: OwnSession
  isEnding: boolean
  onEnd: () => void
  onFocusLost: () => void
}

function DeviceRow({ session, isEnding, onEnd, onFocusLost }: DeviceRowProps) {
  const now = Date.now()
  return (
    <li className="flex items-center gap-3 border-line py-3 not-first:border-t">
      <span className="grid size-9 flex-none place-items-center rounded-medium bg-hover text-ink-2">
        <Icon name="device" className="size-4.5" />
      </span>
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-center gap-x-2 leading-snug">
          <span className="font-bold [overflow-wrap:anywhere]">{session.device}</span>
          {session.isCurrent && <Badge tone="accent">This device</Badge>}
        </p>
        <p className="text-small text-ink-2">
          <time dateTime={new Date(session.createdAt).toISOString()} title={fullDate(session.createdAt)}>
            {signedInWords(session.createdAt, now)}
          </time>
          {' · '}
          <span className="whitespace-nowrap">{usedWords(session.usedAt, now)}</span>
        </p>
      </div>
      {!session.isCurrent && (
        <LeavingButton size="small" isBusy={isEnding} onClick={onEnd} onFocusLost={onFocusLost} aria-label={`Sign out ${session.device}`}>
          {isEnding ? 'Signing out…' : 'Sign out'}
        </LeavingButton>
      )}
    </li>
  )
}

/** There while there is somewhere else. */
function EverywhereElse({ onFocusLost }: { onFocusLost: () => void }) {
  const [isAsking, setAsking] = useState(false)
  return (
    <>
      <LeavingButton size="small" onFocusLost={onFocusLost} onClick={() => setAsking(true)}>
        Sign out everywhere else
      </LeavingButton>
      {isAsking && <EverywhereElseDialog onClose={() => setAsking(false)} onFocusLost={onFocusLost} />}
    </>
  )
}

function EverywhereElseDialog({ onClose, onFocusLost }: { onClose: () => void; onFocusLost: () => void }) {
  const call = useCall()
  const form = useForm(async () => {
    await call('session.end-others', {})
    onClose()
  })
  return (
    <FormDialog
      title="Sign out everywhere else?"
      isGrave
      form={form}
      action="Sign out everywhere else"
      acting="Signing out…"
      onClose={onClose}
      onFocusLost={onFocusLost}
    >
      <p className="text-ink-2">
        All devices but this one are signed out at once. What you wrote there and have not sent yet goes out when you sign in there again.
      </p>
    </FormDialog>
  )
}
