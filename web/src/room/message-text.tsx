import { Fragment, memo, useEffect } from 'react'
import { isBlank } from '@belfry/protocol/blank.ts'
import { NAMES_OF_MANY } from '@belfry/protocol/names.ts'
import { useObservable } from '#account/observe.ts'
import { roomPathIn } from '#account/paths.ts'
import { useAccount } from '#account/use-account.ts'
import { linkify } from './linkify.ts'
import { MessageLink } from './message-link.tsx'
import { namedPieces } from './named-text.ts'

interface MessageTextProps {
  text: string
  /** Whom it names. */
  names: Readonly<Record<string, string>>
  /** The address of the message, from which its links to rooms lead on within the page. Null: those too open apart. */
  from: string | null
  /** Links are reached with Tab from the message that has the focus. */
  tabIndex: number
}

export const MessageText = memo(function MessageText({ text, names, from, tabIndex }: MessageTextProps) {
  // Such come with an imported history alone.
  if (isBlank(text)) return <span className="text-ink-3">A message without text.</span>
  return linkify(text).map((piece, at) =>
    piece.is === 'text' ? (
      <Fragment key={at}>
        {namedPieces(piece.text, names).map((part, place) =>
          part.is === 'text' ? part.text : <Name key={place} id={part.id} written={part.text} />,
        )}
      </Fragment>
    ) : (
      <Address key={at} href={piece.href} from={from} tabIndex={tabIndex}>
        {piece.text}
      </Address>
    ),
  )
})

/** Another room or message is gone to here; what is elsewhere opens apart. */
function Address({ href, from, tabIndex, children }: Pick<MessageTextProps, 'from' | 'tabIndex'> & { href: string; children: string }) {
  const looks = { tabIndex, className: 'text-accent underline decoration-1 underline-offset-2 hover:decoration-2' }
  const path = from === null ? null : roomPathIn(href, location.origin)
  if (path !== null)
    return (
      <MessageLink href={path} from={from} {...looks}>
        {children}
      </MessageLink>
    )
  return (
    <a href={href} target="_blank" rel="noopener noreferrer nofollow" {...looks}>
      {children}
    </a>
  )
}

/** Somebody by the name that they have now, however they were called when it was written. */
function Name({ id, written }: { id: string; written: string }) {
  const { user, belfry } = useAccount()
  const person = useObservable(belfry.people.known).get(id)
  const isOfMany = (NAMES_OF_MANY as readonly string[]).includes(id)
  useEffect(() => {
    if (!isOfMany) belfry.people.ask(id)
  }, [belfry, id, isOfMany])
  const concernsOneself = isOfMany || id === user.id
  return (
    <span title={person?.name} className={`rounded-small px-0.5 font-medium ${concernsOneself ? 'bg-bell-wash text-bell' : 'text-accent'}`}>
      {person ? `@${person.username}` : written}
    </span>
  )
}
