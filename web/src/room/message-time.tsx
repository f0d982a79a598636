import { Link } from 'wouter'
import type { TimelineItem } from '@belfry/client/belfry.ts'
import { roomPath } from '#account/paths.ts'
import { clock, fullDate } from '#theme/times.ts'

interface MessageTimeProps {
  item: TimelineItem
  roomId: string
  className: string
  /** Reached with Tab from the message that has the focus. */
  tabIndex: number
}

/** When it was written, which is also the link that leads to it: once the server has the message. */
export function MessageTime({ item, roomId, className, tabIndex }: MessageTimeProps) {
  const looks = `flex-none whitespace-nowrap tabular-nums ${className}`
  const time = (
    <time id={`${item.id}-time`} dateTime={new Date(item.createdAt).toISOString()} title={fullDate(item.createdAt)}>
      {clock(item.createdAt)}
    </time>
  )
  if (item.n === null) return <span className={looks}>{time}</span>
  return (
    <Link href={roomPath(roomId, item.id)} tabIndex={tabIndex} className={`${looks} hover:underline`}>
      {time}
    </Link>
  )
}
