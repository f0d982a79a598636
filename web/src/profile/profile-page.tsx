import type { ReactNode } from 'react'
import { FormPage } from '#shell/form-page.tsx'
import { laterPart } from '#theme/later-part.tsx'

const ProfileParts = laterPart(() => import('./profile-parts.tsx').then((part) => part.ProfileParts))

/** One's own account. */
export function ProfilePage({ actions }: { actions: ReactNode }) {
  return (
    <FormPage title="Your account" actions={actions}>
      <ProfileParts />
    </FormPage>
  )
}
