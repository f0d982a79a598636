import { CopyButton } from '#theme/copy-button.tsx'
import { Button } from '#theme/button.tsx'
import { Dialog } from '#theme/dialog.tsx'

interface PassOnDialogProps {
  title: string
  username: string
  password: string
  onClose: () => void
  onFocusLost?: () => void
}

/** What somebody needs to sign in; the password is stored as a hash alone, so it cannot be shown again. */
export function PassOnDialog({ title, username, password, onClose, onFocusLost }: PassOnDialogProps) {
  const facts = { 'Address': location.origin, 'User name': username, 'Password': password }
  const text = Object.entries(facts).map(([name, value]) => `${name}: ${value}`)
  return (
    <Dialog title={title} onClose={onClose} onFocusLost={onFocusLost}>
      <p className="text-ink-2">Pass this on. The password is shown this once; it can be changed after signing in.</p>
      <dl className="mt-4 grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1.5 rounded-medium border border-line bg-ground px-4 py-3">
        {Object.entries(facts).map(([name, value]) => (
          <div key={name} className="contents">
            <dt className="text-ink-3">{name}</dt>
            <dd className="font-medium [overflow-wrap:anywhere] select-all">{value}</dd>
          </div>
        ))}
      </dl>
      <div className="mt-6 flex flex-wrap justify-end gap-2">
        <CopyButton text={text.join('\n')} look="main" isFirst />
        <Button onClick={onClose}>Done</Button>
      </div>
    </Dialog>
  )
}
