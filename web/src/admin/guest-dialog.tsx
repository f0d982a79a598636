import { FormDialog } from '#account/form-dialog.tsx'
import type { PersonDialogProps } from './person-menu.tsx'
import { useUpdate } from './use-update.ts'

/** Becoming a guest, or being none any more. */
export function GuestDialog(props: PersonDialogProps) {
  const { account, onClose, onFocusLost } = props
  const isGuest = account.role === 'guest'
  const form = useUpdate(props, { role: isGuest ? 'member' : 'guest' })
  return (
    <FormDialog
      title={isGuest ? `Make ${account.name} an ordinary member?` : `Make ${account.name} a guest?`}
      isGrave={!isGuest}
      form={form}
      action={isGuest ? 'Make member' : 'Make guest'}
      acting="Changing…"
      onClose={onClose}
      onFocusLost={onFocusLost}
    >
      <p className="text-ink-2">
        {isGuest
          ? 'They find all open rooms and all people then, and are in General. All their devices are signed out.'
          : 'Guests see the rooms alone that they are in or are added to, and the people there; General is not among them. All their devices are signed out.'}
      </p>
    </FormDialog>
  )
}
