import type { ReactNode } from 'react'
import { Link, useLocation } from 'wouter'
import { useAccount } from '#account/use-account.ts'
import { FormPage } from '#shell/form-page.tsx'
import { HomeLink } from '#shell/home-link.tsx'
import { laterPart } from '#theme/later-part.tsx'

const AdminParts = laterPart(() => import('./admin-parts.tsx').then((part) => part.AdminParts), { isPreloaded: false })

const PARTS = [
  { path: '/admin/people', name: 'People' },
  { path: '/admin/invitations', name: 'Invitations' },
  { path: '/admin/keys', name: 'Keys' },
  { path: '/admin/notify', name: 'Notify' },
  { path: '/admin/server', name: 'Server' },
] as const

/** Administration, for who is an administrator now: who ceases to be one while looking loses it. */
export function AdminPage({ actions }: { actions: ReactNode }) {
  const { user } = useAccount()
  const [path] = useLocation()
  const part = PARTS.find((part) => path.startsWith(part.path))
  if (user.role !== 'admin') {
    return (
      <FormPage title="Administration" actions={actions}>
        <AdministratorsOnly />
      </FormPage>
    )
  }
  return (
    <FormPage title="Administration" tabTitle={part?.name} actions={actions} nav={<AdminNav />}>
      <AdminParts />
    </FormPage>
  )
}

function AdminNav() {
  const [path] = useLocation()
  return (
    <nav aria-label="Administration" className="flex flex-none gap-5 overflow-x-auto border-b border-line px-4 desk:px-6">
      {PARTS.map((part) => (
        <Link
          key={part.path}
          href={part.path}
          aria-current={path.startsWith(part.path) ? 'page' : undefined}
          className="-mb-px flex h-10 flex-none items-center border-b-2 border-transparent text-ink-3 -outline-offset-2 hover:text-ink aria-[current=page]:border-accent aria-[current=page]:font-medium aria-[current=page]:text-ink coarse:h-11"
        >
          {part.name}
        </Link>
      ))}
    </nav>
  )
}

function AdministratorsOnly() {
  return (
    <div>
      <h2 className="text-large font-bold">This is for administrators</h2>
      <p className="mt-1 max-w-[56ch] text-ink-2">
        Your account is not one. Whoever runs this server can change that; your rooms and your inbox are where they were.
      </p>
      <HomeLink />
    </div>
  )
}
