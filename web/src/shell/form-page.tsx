import type { ReactNode } from 'react'
import { ROOMS_PATH } from '#account/paths.ts'
import { ConnectionBar } from './connection-bar.tsx'
import { Head } from './head.tsx'
import { usePageTitle } from './use-page-title.ts'

interface FormPageProps {
  title: string
  /** In the browser's tab, where it is another one. */
  tabTitle?: string | undefined
  actions: ReactNode
  /** Where the arrow leads, if not to the rooms. */
  back?: { to: string; label: string; isAlways: boolean }
  /** Stands below the head: leads to the parts of the page. */
  nav?: ReactNode
  children: ReactNode
}

/** A page of forms and lists, which are read from the top. */
export function FormPage({ title, tabTitle = title, actions, back, nav, children }: FormPageProps) {
  usePageTitle(tabTitle)
  return (
    <main className="flex h-full min-w-0 flex-col">
      <Head title={title} backTo={back?.to ?? ROOMS_PATH} backLabel={back?.label ?? 'Rooms'} isBackOnDesk={back?.isAlways ?? false}>
        {actions}
      </Head>
      {nav}
      <ConnectionBar />
      <div className="min-h-0 flex-1 overflow-y-auto overscroll-contain">
        {/* So far below the bar about the connection that it hides no title. */}
        <div className="w-full max-w-3xl px-4 pt-11 pb-[max(1.5rem,env(safe-area-inset-bottom))] desk:px-6">{children}</div>
      </div>
    </main>
  )
}
