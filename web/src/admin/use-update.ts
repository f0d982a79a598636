import type { Input } from '@belfry/protocol/commands.ts'
import { useCall } from '#account/use-call.ts'
import { type SubmittedForm, useForm } from '#account/use-form.ts'
import type { PersonDialogProps } from './person-menu.tsx'

/** A question whose yes changes the account. */
export function useUpdate({ account, onClose, onChanged }: PersonDialogProps, change: Omit<Input<'user.update'>, 'id'>): SubmittedForm {
  const call = useCall()
  return useForm(async () => {
    await call('user.update', { id: account.id, ...change })
    onClose()
    onChanged()
  })
}
