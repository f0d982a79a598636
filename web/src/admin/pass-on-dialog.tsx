import { ShownOnceDialog } from './shown-once-dialog.tsx'

interface PassOnDialogProps {
  title: string
  username: string
  password: string
  onClose: () => void
  onFocusLost?: () => void
}

const LEAD = 'Pass this on. The password is shown this once; it can be changed after signing in.'

/** What somebody needs to sign in. */
export function PassOnDialog({ title, username, password, onClose, onFocusLost }: PassOnDialogProps) {
  const facts = Object.entries({ 'Address': location.origin, 'User name': username, 'Password': password })
  const text = facts.map(([name, value]) => `${name}: ${value}`).join('\n')
  return (
    <ShownOnceDialog title={title} lead={LEAD} text={text} onClose={onClose} onFocusLost={onFocusLost}>
      <dl className="mt-4 grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1.5 rounded-medium border border-line bg-ground px-4 py-3">
        {facts.map(([name, value]) => (
          <div key={name} className="contents">
            <dt className="text-ink-3">{name}</dt>
            <dd className="font-medium [overflow-wrap:anywhere] select-all">{value}</dd>
          </div>
        ))}
      </dl>
    </ShownOnceDialog>
  )
}
