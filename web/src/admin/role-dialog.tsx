import { useState } from 'react'
import type { User } from '@belfry/protocol/rows.ts'
import { FormDialog } from '#account/form-dialog.tsx'
import { useAccount } from '#account/use-account.ts'
import type { PersonDialogProps } from './person-menu.tsx'
import { useUpdate } from './use-update.ts'

type Role = User['role']

const TITLES = { admin: 'an administrator', member: 'an ordinary member', guest: 'a guest' } as const
const ACTIONS = { admin: 'Make administrator', member: 'Make member', guest: 'Make guest' } as const

/** Another role for an account. It is grave where something is taken away. */
export function RoleDialog({ to, ...props }: PersonDialogProps & { to: Role }) {
  const { account, onClose, onFocusLost } = props
  const { user } = useAccount()
  const [from] = useState(account.role)
  const form = useUpdate(props, { role: to })
  return (
    <FormDialog
      title={`Make ${account.name} ${TITLES[to]}?`}
      isGrave={from === 'admin' || to === 'guest'}
      form={form}
      action={ACTIONS[to]}
      acting="Changing…"
      isDone={account.role === to}
      onClose={onClose}
      onFocusLost={onFocusLost}
    >
      <p className="text-ink-2">{means(from, to, account.id === user.id ? 'you' : account.name)}</p>
    </FormDialog>
  )
}

function means(from: Role, to: Role, whom: string): string {
  if (to === 'admin')
    return 'Administrators manage accounts, invitations and keys, and may ring anybody’s bell. They do not read other people’s inboxes.'
  if (to === 'guest')
    return 'Guests see the rooms alone that they are in or are added to, and the people there; General is not among them. All their devices are signed out.'
  if (from === 'guest') return 'They find all open rooms and all people then, and are in General. All their devices are signed out.'
  return `Administration closes at once for ${whom}, wherever it is open. Rooms and inbox stay.`
}
