import { type ReactNode, useMemo } from 'react'
import { useObservable } from '#account/observe.ts'
import { Link } from 'wouter'
import type { RoomView } from '@belfry/client/belfry.ts'
import { aboutPath, ROOMS_PATH } from '#account/paths.ts'
import { PresentFace } from '#account/present-face.tsx'
import { useAccount } from '#account/use-account.ts'
import { ConnectionBar } from '#shell/connection-bar.tsx'
import { Head } from '#shell/head.tsx'
import { roomIcon, useFaceOf } from '#shell/room-mark.ts'
import { useRoomNames } from '#shell/room-names.ts'
import { useComings } from '#shell/use-is-covered.ts'
import { usePageTitle } from '#shell/use-page-title.ts'
import { ICON_BUTTON } from '#theme/button.tsx'
import { Icon } from '#theme/icons.tsx'
import { GENERAL_ROOM, parseTopic, roomTopic } from '@belfry/protocol/topics.ts'
import { Conversation } from './conversation.tsx'
import { GuestHome } from './guest-home.tsx'
import { Unsent } from './unsent.tsx'
import { RoomGone } from '#shell/room-gone.tsx'

interface RoomPageProps {
  roomId: string
  /** The message that the address leads to. */
  messageId: string | null
  visit: number
  /** Stands at the end of the head: the bell. */
  actions: ReactNode
}

export function RoomPage(props: RoomPageProps) {
  // What no room can be named is not asked for.
  return parseTopic(roomTopic(props.roomId)) ? <OpenRoom {...props} /> : <NoRoom actions={props.actions} />
}

function OpenRoom({ roomId, messageId, visit, actions }: RoomPageProps) {
  const { user, belfry } = useAccount()
  const room = belfry.room(roomId)
  const view = useObservable(room.view)
  const comings = useComings()
  const called = useRoomNames(useMemo(() => [view], [view]))(view)
  const name = called || (roomId === GENERAL_ROOM ? 'General' : '')
  if (view.is === 'gone' && roomId === GENERAL_ROOM && user.role === 'guest')
    return (
      <Page name="" actions={actions}>
        <GuestHome />
      </Page>
    )
  if (view.is === 'gone')
    return (
      <NoRoom actions={actions}>
        <Unsent room={room} items={view.latest} />
      </NoRoom>
    )
  const about = view.people === null ? 'About this room' : 'About this conversation'
  return (
    <Page
      name={name}
      mark={<Mark view={view} name={name} />}
      note={view.description}
      actions={
        <>
          <Link href={aboutPath(roomId)} aria-label={about} title={about} className={ICON_BUTTON}>
            <Icon name={view.people === null ? 'people' : 'sliders'} />
          </Link>
          {actions}
        </>
      }
    >
      <Conversation key={`${room.id} ${comings}`} room={room} name={name} view={view} messageId={messageId} visit={visit} />
    </Page>
  )
}

/** Of a pair the other's face, and whether they are there. */
function Mark({ view, name }: { view: RoomView; name: string }) {
  const face = useFaceOf(view)
  if (face) return <PresentFace {...face} name={name} size="tiny" />
  return <Icon name={roomIcon({ people: view.people, kind: view.kind })} className="size-4.5 flex-none text-ink-3" />
}

function NoRoom({ actions, children }: { actions: ReactNode; children?: ReactNode }) {
  return (
    <Page name="No such room" actions={actions}>
      <RoomGone>{children}</RoomGone>
    </Page>
  )
}

interface PageProps {
  name: string
  mark?: ReactNode
  note?: string
  actions: ReactNode
  children: ReactNode
}

function Page({ name, mark, note = '', actions, children }: PageProps) {
  usePageTitle(name)
  return (
    <main className="flex h-full min-w-0 flex-col">
      <Head title={name} mark={mark} note={note} backTo={ROOMS_PATH} backLabel="Rooms">
        {actions}
      </Head>
      <ConnectionBar />
      {children}
    </main>
  )
}
