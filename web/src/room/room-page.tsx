import { type ReactNode, type RefObject, useMemo, useRef, useState } from 'react'
import type { RoomHandle, RoomView } from '@belfry/client/belfry.ts'
import { useObservable } from '#account/observe.ts'
import { useAccount } from '#account/use-account.ts'
import { ConnectionBar } from '#shell/connection-bar.tsx'
import { Head } from '#shell/head.tsx'
import { attempt } from '#shell/notice.tsx'
import { usePageTitle } from '#shell/page-title.ts'
import { Announcer } from './announcer.tsx'
import { Composer, type ComposerHandle } from './composer.tsx'
import { DeleteDialog } from './delete-dialog.tsx'
import { focusBeside } from './focus.ts'
import { MessageList, type MessageListHandle } from './message-list.tsx'
import type { RoomDeeds } from './message-row.tsx'
import { RoomGone } from './room-gone.tsx'
import { RoomSkeleton } from './room-skeleton.tsx'
import { isOpenToChange } from './timeline.ts'
import { useEditing } from './use-editing.ts'

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
      {view.is === 'gone' ? <RoomGone /> : <Conversation key={room.id} room={room} name={name} view={view} />}
    </main>
  )
}

function Conversation({ room, name, view }: { room: RoomHandle; name: string; view: RoomView }) {
  const { user } = useAccount()
  const list = useRef<MessageListHandle>(null)
  const composer = useRef<ComposerHandle>(null)
  const [editing, setEditing] = useEditing(view, composer)
  const [deleting, setDeleting] = useState<string | null>(null)
  const doomed = view.items.find((item) => item.id === deleting)
  const deeds = useMemo(() => deedsOf(room, { composer, setEditing, setDeleting }), [room, setEditing])

  function editLast(): void {
    const own = view.items.findLast((item) => item.authorId === user.id && isOpenToChange(item))
    if (own) setEditing(own.id)
  }

  return (
    <>
      {view.is === 'loading' ? (
        <RoomSkeleton />
      ) : (
        <>
          <MessageList ref={list} room={room} name={name} view={view} editing={editing} deeds={deeds} />
          <Announcer items={view.items} />
        </>
      )}
      <Composer ref={composer} room={room} roomName={name} onSent={() => list.current?.toBottom()} onEditLast={editLast} />
      {doomed && (
        <DeleteDialog
          item={doomed}
          onClose={() => setDeleting(null)}
          onFocusLost={() => focusBeside(doomed.id) || composer.current?.focus()}
          onDelete={() => {
            setDeleting(null)
            attempt(() => room.remove(doomed.id))
          }}
        />
      )}
    </>
  )
}

interface Conversing {
  composer: RefObject<ComposerHandle | null>
  setEditing: (id: string | null) => void
  setDeleting: (id: string | null) => void
}

function deedsOf(room: RoomHandle, { composer, setEditing, setDeleting }: Conversing): RoomDeeds {
  return {
    room,
    onDelete: setDeleting,
    onEdit(id) {
      setEditing(id)
      if (id === null) composer.current?.focus()
    },
    onDiscard(item) {
      attempt(() => room.discard(item.id))
      if (item.wants === 'post' && composer.current?.isEmpty()) composer.current.add(item.body)
      composer.current?.focus()
    },
  }
}
