import { FormDialog } from '#account/form-dialog.tsx'
import { useAccount } from '#account/use-account.ts'
import type { PersonDialogProps } from './person-menu.tsx'
import { useUpdate } from './use-update.ts'

export function RoleDialog(props: PersonDialogProps) {
  const { account, onClose, onFocusLost } = props
  const { user } = useAccount()
  const isAdmin = account.role === 'admin'
  const form = useUpdate(props, { role: isAdmin ? 'member' : 'admin' })
  return (
    <FormDialog
      title={isAdmin ? `Make ${account.name} an ordinary member?` : `Make ${account.name} an administrator?`}
      isGrave={isAdmin}
      form={form}
      action={isAdmin ? 'Make member' : 'Make administrator'}
      acting="Changing…"
      onClose={onClose}
      onFocusLost={onFocusLost}
    >
      <p className="text-ink-2">
        {isAdmin
          ? `Administration closes at once for ${account.id === user.id ? 'you' : account.name}, wherever it is open. Rooms and inbox stay.`
          : 'Administrators manage accounts, invitations and keys, and may ring anybody’s bell. They do not read other people’s inboxes.'}
      </p>
    </FormDialog>
  )
}
