import type { ReactNode } from 'react'
import { useObservable } from '#account/observe.ts'
import { Link } from 'wouter'
import { aboutPath, ROOMS_PATH } from '#account/paths.ts'
import { useAccount } from '#account/use-account.ts'
import { ConnectionBar } from '#shell/connection-bar.tsx'
import { Head } from '#shell/head.tsx'
import { usePageTitle } from '#shell/page-title.ts'
import { ICON_BUTTON } from '#theme/button.tsx'
import { Icon } from '#theme/icons.tsx'
import { GENERAL_ROOM, parseTopic, roomTopic } from '@belfry/protocol/topics.ts'
import { Conversation } from './conversation.tsx'
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
  const { belfry } = useAccount()
  const room = belfry.room(roomId)
  const view = useObservable(room.view)
  const name = view.name || (roomId === GENERAL_ROOM ? 'General' : '')
  if (view.is === 'gone') return <NoRoom actions={actions} />
  return (
    <Page
      name={name}
      icon={view.kind === 'closed' ? 'lock' : 'hash'}
      note={view.description}
      actions={
        <>
          <Link href={aboutPath(roomId)} aria-label="About this room" title="About this room" className={ICON_BUTTON}>
            <Icon name="people" />
          </Link>
          {actions}
        </>
      }
    >
      <Conversation key={room.id} room={room} name={name} view={view} messageId={messageId} visit={visit} />
    </Page>
  )
}

function NoRoom({ actions }: { actions: ReactNode }) {
  return (
    <Page name="No such room" actions={actions}>
      <RoomGone />
    </Page>
  )
}

interface PageProps {
  name: string
  icon?: 'hash' | 'lock'
  note?: string
  actions: ReactNode
  children: ReactNode
}

function Page({ name, icon, note = '', actions, children }: PageProps) {
  usePageTitle(name)
  return (
    <main className="flex h-full min-w-0 flex-col">
      <Head title={name} {...(icon && { icon })} note={note} backTo={ROOMS_PATH} backLabel="Rooms">
        {actions}
      </Head>
      <ConnectionBar />
      {children}
    </main>
  )
}
