import { type RefObject, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { useLocation } from 'wouter'
import type { RoomHandle, RoomView } from '@belfry/client/belfry.ts'
import { useObservable } from '#account/observe.ts'
import { roomPath } from '#account/paths.ts'
import { changePost } from '#account/posts.ts'
import { useAccount } from '#account/use-account.ts'
import { useTrouble } from '#shell/connection-watch.tsx'
import { refusalWords } from '#account/refusal-words.ts'
import { attempt, tell } from '#shell/notice.tsx'
import { otherOf } from '#shell/room-names.ts'
import { actsAs } from '#shell/room-power.ts'
import { useIsCovered } from '#shell/use-is-covered.ts'
import type { Answering } from './answering-note.tsx'
import { Announcer } from './announcer.tsx'
import { Composer, type ComposerHandle } from './composer.tsx'
import { DeleteDialog } from './delete-dialog.tsx'
import { focusBeside } from './focus.ts'
import { ArchivedNote, JoinNote } from './join-note.tsx'
import { LinkNote } from './link-note.tsx'
import { mayIn } from './may.ts'
import { MessageList, type MessageListHandle } from './message-list.tsx'
import type { RoomDeeds } from './message-row.tsx'
import { ReadingNote } from './reading-note.tsx'
import { RefusedNote } from './refused-note.tsx'
import { RoomNotHere } from './room-not-here.tsx'
import { RoomSkeleton } from './room-skeleton.tsx'
import { type Reader, useReader } from './reader.ts'
import { isOpenToChange, newestNumber } from './timeline.ts'
import { TypingLine } from './typing-line.tsx'
import { useAnswering } from './use-answering.ts'
import { useBox } from './use-box.ts'
import { useEditing } from './use-editing.ts'
import { useReadAll } from './use-marking.ts'
import { type NewLineState, useNewLine } from './use-new-line.ts'
import { useComing, useOpening } from './use-opening.ts'
import { useIsPresent } from './use-presence.ts'
import { laterPart } from '#theme/later-part.tsx'

const VersionsDialog = laterPart(() => import('./versions-dialog.tsx').then((part) => part.VersionsDialog))

interface ConversationProps {
  room: RoomHandle
  name: string
  view: RoomView
  messageId: string | null
  visit: number
}

export function Conversation({ room, name, view, messageId, visit }: ConversationProps) {
  const { user } = useAccount()
  const list = useRef<MessageListHandle>(null)
  const composer = useRef<ComposerHandle>(null)
  const reader = useReader(room.id)
  const box = useBox(room.id, composer)
  const [editing, setEditing] = useEditing(view, box)
  const [deleting, setDeleting] = useState<string | null>(null)
  const [answering, setAnswered] = useAnswering(room, view)
  const [unfolded, setUnfolded] = useState<string | null>(null)
  const isAway = useTrouble() !== null
  const isPresent = useIsPresent()
  const coming = useComing({ view, messageId, reader })
  const line = useNewLine(view, { reader, isPresent, isUnknown: coming.isUnknown })
  const { link, isOpening, toBottom } = useOpening({ room, view, messageId, visit, reader, line, coming })
  const { leaveLink, toLatest } = useWays(room, messageId, () => (list.current ? list.current.toBottom() : toBottom()))
  const onUnread = useUnreadFrom(room, reader, line)
  const may = useMay(view, actsAs(view, user))
  const deeds = useDeeds(room, { box, setEditing, setDeleting, setAnswered, onVersions: setUnfolded, onUnread, may })
  const readAll = () => {
    reader.releaseUnread()
    room.readTo(newestNumber(view.latest))
    line.put(null)
  }
  useReadAll(readAll)

  function editLast(): void {
    const own = may.edits && view.latest.findLast((item) => item.authorId === user.id && isOpenToChange(item))
    if (!own) return
    if (view.later) toLatest()
    setEditing(own.id)
  }

  return (
    <>
      <LinkNote link={link} isAway={isAway} onLatest={toLatest} onClose={leaveLink} />
      {isAway && view.is === 'loading' ? (
        <RoomNotHere waiting={view.latest} deeds={deeds} />
      ) : view.is === 'loading' || (isOpening && !isAway) ? (
        <RoomSkeleton />
      ) : (
        // Begins anew after each jump: nothing that was measured before is of use then.
        <MessageList
          key={view.jumps}
          ref={list}
          {...{ room, name, view, reader, line, isPresent, editing, deeds }}
          linked={link.linked}
          onLatest={toLatest}
          onRead={readAll}
        />
      )}
      {view.is === 'ready' && <Announcer items={view.latest} />}
      <RefusedNote room={room} refused={view.refused} onNoMore={() => box.focus()} />
      <TypingLine room={room} />
      <WritingPlace ref={composer} {...{ room, name, view, answering }} onSent={toLatest} onEditLast={editLast} />
      <Deletion room={room} view={view} id={deleting} box={box} onClose={() => setDeleting(null)} />
      <Versions room={room} view={view} id={unfolded} box={box} onClose={() => setUnfolded(null)} />
    </>
  )
}

interface WritingPlaceProps {
  ref: RefObject<ComposerHandle | null>
  room: RoomHandle
  name: string
  view: RoomView
  answering: Answering | null
  onSent: () => void
  onEditLast: () => void
}

/** The composer, or why one does not write here. */
function WritingPlace({ ref, room, name, view, answering, onSent, onEditLast }: WritingPlaceProps) {
  const { user, belfry } = useAccount()
  const blocked = useObservable(belfry.blocked)
  const other = otherOf(view, user.id)
  if (other !== null && blocked.has(other))
    return <ReadingNote>You have blocked {name}: nothing is written here until you end that.</ReadingNote>
  if (view.archivedAt !== null) return <ArchivedNote room={room} mayBringBack={actsAs(view, user) === 'owner'} />
  if (view.isMember === false) return <JoinNote room={room} roomName={name} mayWrite={view.posting === 'members'} />
  if (view.posting === 'moderators' && actsAs(view, user) === 'member')
    return <ReadingNote>Moderators and owners alone write here. You can read along.</ReadingNote>
  return <Composer ref={ref} room={room} roomName={name} answering={answering} onSent={onSent} onEditLast={onEditLast} />
}

/** What one makes unread stays so while one is in the room. */
function useUnreadFrom(room: RoomHandle, reader: Reader, { put }: NewLineState): (n: number) => void {
  const isCovered = useIsCovered()
  useEffect(
    () => () => {
      // What one made unread has to be come to again.
      if (reader.holdsUnread) reader.beginAnew()
      reader.releaseUnread()
      // Who left the bottom comes back to what is new; who was reading further up, to where they were.
      if (!isCovered) reader.seekNew(reader.hangs)
    },
    // The room is left when the list covers it: that what lay beneath is taken away later changes nothing more.
    [reader, isCovered],
  )

  return useCallback(
    (n) => {
      reader.holdUnread(room.id)
      room.unreadFrom(n)
      put(n - 1)
    },
    [room, reader, put],
  )
}

/** Away from the message of a link: `leaveLink` stays where one is. */
function useWays(room: RoomHandle, messageId: string | null, toBottom: () => void) {
  const [, navigate] = useLocation()

  function leaveLink(): void {
    if (messageId !== null) navigate(roomPath(room.id), { replace: true })
  }

  function toLatest(): void {
    leaveLink()
    toBottom()
  }

  return { leaveLink, toLatest }
}

interface AboutOneProps {
  room: RoomHandle
  view: RoomView
  /** The message about which it is; null: none. */
  id: string | null
  box: ComposerHandle
  onClose: () => void
}

function Deletion({ room, view, id, box, onClose }: AboutOneProps) {
  const account = useAccount()
  const doomed = view.items.find((item) => item.id === id)
  if (!doomed) return null
  return (
    <DeleteDialog
      item={doomed}
      onClose={onClose}
      onFocusLost={() => focusBeside(doomed.id) || box.focus()}
      onDelete={() => {
        onClose()
        if (attempt(() => room.remove(doomed.id))) changePost(account, doomed.id, null)
      }}
    />
  )
}

function Versions({ room, view, id, box, onClose }: AboutOneProps) {
  const item = view.items.find((one) => one.id === id)
  if (!item) return null
  return <VersionsDialog room={room} item={item} onClose={onClose} onFocusLost={() => focusBeside(item.id) || box.focus()} />
}

interface Conversing {
  box: ComposerHandle
  setEditing: (id: string | null) => void
  setDeleting: (id: string | null) => void
  setAnswered: (id: string | null) => void
  onVersions: (id: string) => void
  onUnread: (n: number) => void
  may: RoomDeeds['may']
}

/** The same functions as long as what they work with is the same. */
function useDeeds(room: RoomHandle, conversing: Conversing): RoomDeeds {
  const { box, setEditing, setDeleting, setAnswered, onVersions, onUnread, may } = conversing
  return useMemo(
    () => deedsOf(room, { box, setEditing, setDeleting, setAnswered, onVersions, onUnread, may }),
    [room, box, setEditing, setDeleting, setAnswered, onVersions, onUnread, may],
  )
}

function deedsOf(room: RoomHandle, conversing: Conversing): RoomDeeds {
  const { box, setEditing, setDeleting, setAnswered, onVersions, onUnread, may } = conversing
  return {
    room,
    may,
    onUnread,
    onVersions,
    onReact(id, { emoji, isOn }) {
      const done = isOn ? room.react(id, emoji) : room.unreact(id, emoji)
      done.catch((error: unknown) => tell(refusalWords(error)))
    },
    onDelete: setDeleting,
    onAnswer(id) {
      setAnswered(id)
      box.focus()
    },
    onEdit(id) {
      setEditing(id)
      if (id === null) box.focus()
    },
    onDiscard(item) {
      attempt(() => room.discard(item.id))
      if (item.wants === 'post' && box.isEmpty()) box.add(item.body)
      box.focus()
    },
  }
}

/** The same as long as what decides is the same. */
function useMay({ isMember, archivedAt, posting }: RoomView, role: RoomView['role']): RoomDeeds['may'] {
  return useMemo(() => mayIn({ isMember, archivedAt, posting }, role), [isMember, archivedAt, posting, role])
}
