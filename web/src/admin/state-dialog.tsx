import { FormDialog } from '#account/form-dialog.tsx'
import { useAccount } from '#account/use-account.ts'
import type { PersonDialogProps } from './person-menu.tsx'
import { useUpdate } from './use-update.ts'

const WORDS = {
  disable: { action: 'Disable', acting: 'Disabling…' },
  enable: { action: 'Enable', acting: 'Enabling…' },
} as const

export function StateDialog({ deed, ...props }: PersonDialogProps & { deed: keyof typeof WORDS }) {
  const { account, onClose, onFocusLost } = props
  const { user } = useAccount()
  const { action, acting } = WORDS[deed]
  const isDisabled = deed === 'disable'
  const form = useUpdate(props, { isDisabled })
  return (
    <FormDialog
      title={`${action} ${account.name}?`}
      isGrave={isDisabled}
      form={form}
      action={action}
      acting={acting}
      isDone={isDisabled === (account.disabledAt !== null)}
      onClose={onClose}
      onFocusLost={onFocusLost}
    >
      <p className="text-ink-2">
        {isDisabled
          ? `${account.id === user.id ? 'You are' : `${account.name} is`} signed out everywhere at once and cannot sign in any more. What was written stays. An administrator can enable the account again.`
          : `${account.name} can sign in again, with the same password, and finds everything as it was.`}
      </p>
    </FormDialog>
  )
}
