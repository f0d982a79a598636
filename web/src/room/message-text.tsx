import { memo } from 'react'
import { linkify } from './linkify.ts'

interface MessageTextProps {
  text: string
  /** Links are reached with Tab from the message that has the focus. */
  tabIndex: number
}

export const MessageText = memo(function MessageText({ text, tabIndex }: MessageTextProps) {
  return linkify(text).map((piece, at) =>
    piece.is === 'text' ? (
      piece.text
    ) : (
      <a
        key={at}
        href={piece.href}
        target="_blank"
        rel="noopener noreferrer nofollow"
        tabIndex={tabIndex}
        className="text-accent underline decoration-1 underline-offset-2 hover:decoration-2"
      >
        {piece.text}
      </a>
    ),
  )
})
