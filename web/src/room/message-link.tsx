import type { ReactNode } from 'react'
import { Link, useLocation } from 'wouter'

interface MessageLinkProps {
  href: string
  /** The address of the message in which it stands; null while that has none. */
  from: string | null
  tabIndex: number
  className: string
  children: ReactNode
}

/** Leads from a message to another, or to a room. The browser's way back leads to the message again: where one is in a room is no address of its own. */
export function MessageLink({ href, from, tabIndex, className, children }: MessageLinkProps) {
  const [, navigate] = useLocation()
  return (
    <Link href={href} onClick={() => from !== null && navigate(from, { replace: true })} tabIndex={tabIndex} className={className}>
      {children}
    </Link>
  )
}
