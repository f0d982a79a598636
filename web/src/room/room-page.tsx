import { type ReactNode, useCallback, useRef, useState } from 'react'
import type { RoomHandle, RoomView } from '@belfry/client/belfry.ts'
import { useObservable } from '#account/observe.ts'
import { useAccount } from '#account/use-account.ts'
import { ConnectionBar } from '#shell/connection-bar.tsx'
import { Head } from '#shell/head.tsx'
import { usePageTitle } from '#shell/page-title.ts'
import { Announcer } from './announcer.tsx'
import { Composer } from './composer.tsx'
import { DeleteDialog } from './delete-dialog.tsx'
import { MessageList, type MessageListHandle } from './message-list.tsx'
import { RoomGone } from './room-gone.tsx'
import { RoomSkeleton } from './room-skeleton.tsx'

interface RoomPageProps {
  roomId: string
  /** Until the room itself has said its name. */
  usualName: string
  /** Stands at the end of the head: the bell. */
  actions: ReactNode
}

export function RoomPage({ roomId, usualName, actions }: RoomPageProps) {
  const { belfry } = useAccount()
  const room = belfry.room(roomId)
  const view = useObservable(room.view)
  const name = view.name || usualName
  usePageTitle(name)

  return (
    <main className="flex h-full min-w-0 flex-col">
      <Head title={name} icon="hash" backTo="/chat?pane=rooms" backLabel="Rooms">
        {actions}
      </Head>
      <ConnectionBar />
      {view.is === 'gone' ? <RoomGone /> : <Conversation room={room} name={name} view={view} />}
    </main>
  )
}

function Conversation({ room, name, view }: { room: RoomHandle; name: string; view: RoomView }) {
  const { user } = useAccount()
  const list = useRef<MessageListHandle>(null)
  const [editing, setEditing] = useState<string | null>(null)
  const [deleting, setDeleting] = useState<string | null>(null)
  const doomed = view.items.find((item) => item.id === deleting)
  const endEditing = useCallback((id: string | null) => {
    setEditing(id)
    if (id === null) document.querySelector<HTMLElement>('[data-composer] textarea')?.focus()
  }, [])

  function editLast(): void {
    const own = view.items.findLast((item) => item.authorId === user.id && item.state === 'sent')
    if (own) setEditing(own.id)
  }

  return (
    <>
      {view.is === 'loading' ? (
        <RoomSkeleton />
      ) : (
        <>
          <MessageList ref={list} room={room} name={name} view={view} editing={editing} onEdit={endEditing} onDelete={setDeleting} />
          <Announcer items={view.items} />
        </>
      )}
      <div data-composer>
        <Composer room={room} roomName={name} onSent={() => list.current?.toBottom()} onEditLast={editLast} />
      </div>
      {doomed && (
        <DeleteDialog
          item={doomed}
          onClose={() => setDeleting(null)}
          onDelete={() => {
            setDeleting(null)
            room.remove(doomed.id)
          }}
        />
      )}
    </>
  )
}
