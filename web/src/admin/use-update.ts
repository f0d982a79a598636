import type { Input } from '@belfry/protocol/commands.ts'
import { type SubmittedForm, useForm } from '#account/use-form.ts'
import { useAccount } from '#account/use-account.ts'
import type { PersonDialogProps } from './person-menu.tsx'

/** A question whose yes changes the account. */
export function useUpdate({ account, onClose, onChanged }: PersonDialogProps, change: Omit<Input<'user.update'>, 'id'>): SubmittedForm {
  const { belfry } = useAccount()
  return useForm(async () => {
    await belfry.call('user.update', { id: account.id, ...change })
    onClose()
    onChanged()
  })
}
