import { type ReactNode, useMemo } from 'react'
import type { RoomHandle, RoomView } from '@belfry/client/belfry.ts'
import { parseTopic, roomTopic } from '@belfry/protocol/topics.ts'
import { useObservable } from '#account/observe.ts'
import { roomPath } from '#account/paths.ts'
import { useAccount } from '#account/use-account.ts'
import { FormPage } from '#shell/form-page.tsx'
import { RoomGone } from '#shell/room-gone.tsx'
import { otherOf, useRoomNames } from '#shell/room-names.ts'
import { actsAs, isAtLeast, isForAll } from '#shell/room-power.ts'
import { BlockSection } from './block-section.tsx'
import { DescriptionSection } from './description-section.tsx'
import { GroupSection } from './group-section.tsx'
import { LeaveSection } from './leave-section.tsx'
import { MembersSection } from './members-section.tsx'
import { OwnSection } from './own-section.tsx'
import { SettingsSection } from './settings-section.tsx'

interface AboutPageProps {
  roomId: string
  actions: ReactNode
}

/** What a room is about, who is in it, and what one may change there. */
export function AboutPage(props: AboutPageProps) {
  return parseTopic(roomTopic(props.roomId)) ? <AboutRoom {...props} /> : <NoRoom actions={props.actions} />
}

function AboutRoom({ roomId, actions }: AboutPageProps) {
  const { belfry } = useAccount()
  const room = belfry.room(roomId)
  const view = useObservable(room.view)
  const name = useRoomNames(useMemo(() => [view], [view]))(view)
  if (view.is === 'gone') return <NoRoom actions={actions} />
  return (
    <FormPage
      title={name}
      tabTitle={`About ${name}`}
      actions={actions}
      back={{ to: roomPath(roomId), label: 'Back to the room', isAlways: true }}
    >
      {view.is === 'ready' && <Sections room={room} view={view} />}
    </FormPage>
  )
}

function Sections({ room, view }: { room: RoomHandle; view: RoomView }) {
  const { user } = useAccount()
  const role = actsAs(view, user)
  if (view.people !== null) return <ConversationSections room={room} view={view} />
  return (
    <>
      {view.isMember === true && <OwnSection room={room} view={view} />}
      <DescriptionSection room={room} view={view} mayChange={isAtLeast(role, 'moderator')} />
      <MembersSection room={room} view={view} role={role} />
      {role === 'owner' && <SettingsSection room={room} view={view} />}
      {view.isMember === true && !isForAll(room.id) && <LeaveSection room={room} view={view} />}
    </>
  )
}

function ConversationSections({ room, view }: { room: RoomHandle; view: RoomView }) {
  const { user } = useAccount()
  const other = otherOf(view, user.id)
  return (
    <>
      <OwnSection room={room} view={view} />
      <MembersSection room={room} view={view} role={view.role} />
      {other !== null ? (
        <>
          <GroupSection userId={other} />
          <BlockSection userId={other} />
        </>
      ) : (
        <LeaveSection room={room} view={view} />
      )}
    </>
  )
}

function NoRoom({ actions }: { actions: ReactNode }) {
  return (
    <FormPage title="No such room" actions={actions}>
      <RoomGone />
    </FormPage>
  )
}
