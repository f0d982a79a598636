import type { ComponentProps } from 'react'
import { Dialog } from './dialog.tsx'

/** A question that must be answered first. */
export function AlertDialog(props: Omit<ComponentProps<typeof Dialog>, 'role'>) {
  return <Dialog role="alertdialog" {...props} />
}
