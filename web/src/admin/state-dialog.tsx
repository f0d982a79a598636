import { FormDialog } from '#account/form-dialog.tsx'
import { useAccount } from '#account/use-account.ts'
import type { PersonDialogProps } from './person-menu.tsx'
import { useUpdate } from './use-update.ts'

export function StateDialog(props: PersonDialogProps) {
  const { account, onClose, onFocusLost } = props
  const { user } = useAccount()
  const isEnabled = account.disabledAt === null
  const form = useUpdate(props, { isDisabled: isEnabled })
  return (
    <FormDialog
      title={`${isEnabled ? 'Disable' : 'Enable'} ${account.name}?`}
      isGrave={isEnabled}
      form={form}
      action={isEnabled ? 'Disable' : 'Enable'}
      acting={isEnabled ? 'Disabling…' : 'Enabling…'}
      onClose={onClose}
      onFocusLost={onFocusLost}
    >
      <p className="text-ink-2">
        {isEnabled
          ? `${account.id === user.id ? 'You are' : `${account.name} is`} signed out everywhere at once and cannot sign in any more. What was written stays. An administrator can enable the account again.`
          : `${account.name} can sign in again, with the same password, and finds everything as it was.`}
      </p>
    </FormDialog>
  )
}
