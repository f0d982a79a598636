import { ROOMS_PATH } from '#account/paths.ts'
import { ConnectionBar } from '#shell/connection-bar.tsx'
import { Head } from '#shell/head.tsx'
import { usePageTitle } from '#shell/use-page-title.ts'
import { laterPart } from '#theme/later-part.tsx'
import { MarkAllRead } from './mark-all-read.tsx'

const InboxView = laterPart(() => import('./inbox-view.tsx').then((part) => part.InboxView))

export function InboxPage() {
  usePageTitle('Inbox')
  return (
    <main className="flex h-full min-w-0 flex-col">
      <Head title="Inbox" backTo={ROOMS_PATH} backLabel="Rooms">
        <MarkAllRead />
      </Head>
      <div className="mx-auto flex min-h-0 w-full max-w-3xl flex-1 flex-col pt-1">
        <InboxView trouble={<ConnectionBar />} />
      </div>
    </main>
  )
}
