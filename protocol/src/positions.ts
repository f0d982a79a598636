import { TOPICS_PER_CONNECTION_MAX } from './limits.ts'
import type { Position } from './up.ts'

/**
 * Positions as they stand in the address of a stream: `epoch=E&follow=room:general@12,workspace`. The epoch stands there once, so that as
 * many topics as one may follow stay within 8 kB, which is what proxies take. What is of another epoch has no seq: it would get a
 * snapshot anyway.
 */
export function positionsQuery(positions: readonly Position[]): string {
  const epoch = positions.find(([, epoch]) => epoch !== undefined)?.[1]
  const follow = positions.map(([topic, of, seq]) => (of !== undefined && of === epoch ? `${topic}@${seq}` : topic)).join(',')
  return (epoch === undefined ? '' : `epoch=${encodeURIComponent(epoch)}&`) + `follow=${follow}`
}

const NAMED = /^([^@,]{1,80})(?:@(\d{1,15}))?$/

/** The same, read again; null: this is none. Which topics there are, and who may follow them, is not looked at here. */
export function parsePositions({ epoch, follow = '' }: { epoch?: string; follow?: string }): Position[] | null {
  const names = follow === '' ? [] : follow.split(',')
  if (names.length > TOPICS_PER_CONNECTION_MAX) return null
  const positions = names.map((name) => parseNamed(name, epoch))
  return positions.every((position) => position !== null) ? positions : null
}

function parseNamed(name: string, epoch: string | undefined): Position | null {
  const [, topic, seq] = NAMED.exec(name) ?? []
  if (topic === undefined) return null
  if (seq === undefined) return [topic]
  return epoch === undefined ? null : [topic, epoch, Number(seq)]
}
