import { type ReactNode, useState } from 'react'
import type { RoomChanges, RoomHandle, RoomView } from '@belfry/client/belfry.ts'
import { FormDialog } from '#account/form-dialog.tsx'
import { useForm } from '#account/use-form.ts'
import { isForAll } from '#shell/room-power.ts'
import { Button } from '#theme/button.tsx'
import { Section } from '#theme/section.tsx'

interface Change {
  changes: RoomChanges
  /** What is, and what it would be. */
  now: string
  deed: string
  question: string
  means: string
  isGrave?: boolean
}

/** What an owner decides: who reads, who writes, and whether it is in use. */
export function SettingsSection({ room, view }: { room: RoomHandle; view: RoomView }) {
  const [asked, setAsked] = useState<Change | null>(null)
  const ofClosed = view.kind === 'closed' ? [historyOf(view)] : []
  const changes = [postingOf(view), ...(isForAll(room.id) ? [] : [kindOf(view), ...ofClosed, archivedOf(view)])]
  return (
    <Section title="Settings">
      <ul className="mt-1">
        {changes.map((change) => (
          <SettingRow key={change.deed} now={change.now}>
            <Button size="small" onClick={() => setAsked(change)}>
              {change.deed}
            </Button>
          </SettingRow>
        ))}
      </ul>
      {asked && (
        <ChangeDialog room={room} change={asked} isDone={!changes.some(({ deed }) => deed === asked.deed)} onClose={() => setAsked(null)} />
      )}
    </Section>
  )
}

function SettingRow({ now, children }: { now: string; children: ReactNode }) {
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 border-line py-3 not-first:border-t">
      <span className="min-w-0 flex-1 basis-60 text-ink-2">{now}</span>
      {children}
    </li>
  )
}

interface ChangeDialogProps {
  room: RoomHandle
  change: Change
  isDone: boolean
  onClose: () => void
}

function ChangeDialog({ room, change, isDone, onClose }: ChangeDialogProps) {
  const form = useForm(async () => {
    await room.update(change.changes)
    onClose()
  })
  return (
    <FormDialog
      title={change.question}
      isGrave={change.isGrave ?? false}
      form={form}
      action={change.deed.replace('…', '')}
      acting="Changing…"
      isDone={isDone}
      onClose={onClose}
    >
      <p className="text-ink-2">{change.means}</p>
    </FormDialog>
  )
}

function postingOf({ posting, name }: RoomView): Change {
  return posting === 'members'
    ? {
        changes: { posting: 'moderators' },
        now: 'All members write here.',
        deed: 'Let moderators alone write…',
        question: `Let moderators alone write in ${name}?`,
        means: 'Members go on reading. Moderators and owners write.',
      }
    : {
        changes: { posting: 'members' },
        now: 'Moderators and owners alone write here.',
        deed: 'Let all members write…',
        question: `Let all members write in ${name}?`,
        means: 'Everybody who is in the room can write there again.',
      }
}

function kindOf({ kind, name }: RoomView): Change {
  return kind === 'open'
    ? {
        changes: { kind: 'closed' },
        now: 'Everyone on this server but guests can read this room and join it.',
        deed: 'Close the room…',
        question: `Close ${name}?`,
        means: 'Whoever is no member loses it at once, and does not find it any more. Members stay, and moderators add others.',
        isGrave: true,
      }
    : {
        changes: { kind: 'open' },
        now: 'Its members alone know that this room is there.',
        deed: 'Open the room…',
        question: `Open ${name} to everyone?`,
        means: 'Everyone on this server but guests can then read all that was ever written here.',
        isGrave: true,
      }
}

function historyOf({ history, name }: RoomView): Change {
  return history === 'whole'
    ? {
        changes: { history: 'since-joined' },
        now: 'Who comes here sees all that was written before.',
        deed: 'Hide the past from newcomers…',
        question: `Hide the past of ${name} from newcomers?`,
        means: 'Who is added from now on sees what is written from then on. Who is here already goes on seeing all that they see.',
      }
    : {
        changes: { history: 'whole' },
        now: 'Who comes here sees what is written from then on.',
        deed: 'Show newcomers the past…',
        question: `Show newcomers the past of ${name}?`,
        means: 'Who is added from now on sees all that was ever written here.',
        isGrave: true,
      }
}

function archivedOf({ archivedAt, name }: RoomView): Change {
  return archivedAt === null
    ? {
        changes: { archived: true },
        now: 'The room is in use.',
        deed: 'Archive the room…',
        question: `Archive ${name}?`,
        means: 'Nobody writes in it any more. It can be read and found as before, and you can bring it back.',
      }
    : {
        changes: { archived: false },
        now: 'The room is archived: nobody writes in it.',
        deed: 'Bring it back…',
        question: `Bring ${name} back?`,
        means: 'Its members can write again.',
      }
}
