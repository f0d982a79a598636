import type { Result } from '@belfry/protocol/commands.ts'
import { sentenceList } from './sentence-list.ts'

export type Invitation = Result<'invite.list'>['items'][number]

export function whomWords(usesMax: number | null): string {
  if (usesMax === null) return 'For any number of people'
  return usesMax === 1 ? 'For one person' : `For ${usesMax} people`
}

type Leading = Pick<Invitation, 'role' | 'rooms' | 'moreRooms'>

/** What whoever accepts it comes as, and where; null: a member like all. `names`: of its `rooms`, as far as they are known. */
export function leadsWords(invitation: Leading, names: readonly string[]): string | null {
  if (leadsNowhere(invitation)) return 'as guests, in no room any more'
  const { role, rooms, moreRooms } = invitation
  const others = rooms.length + moreRooms - names.length
  if (others + names.length === 0) return null
  const hidden = others === 0 ? [] : [others === 1 ? 'a room you are not in' : `${others} rooms you are not in`]
  return `${role === 'guest' ? 'as guests, in' : 'also in'} ${sentenceList([...names, ...hidden])}`
}

/** A guest would see nothing. */
function leadsNowhere({ role, rooms, moreRooms }: Leading): boolean {
  return role === 'guest' && rooms.length + moreRooms === 0
}

export function usesWords(uses: number): string {
  if (uses === 0) return 'not used yet'
  return uses === 1 ? 'used once' : `used ${uses} times`
}

/** Why it lets nobody in any more; null: it does. */
export function endWords(invitation: Invitation, now: number): string | null {
  if (invitation.revokedAt !== null) return 'Revoked'
  if (invitation.usesMax !== null && invitation.uses >= invitation.usesMax) return 'Used up'
  if (invitation.expiresAt !== null && invitation.expiresAt <= now) return 'Expired'
  return leadsNowhere(invitation) ? 'Leads nowhere' : null
}

/** The link that is passed on. What stands after # is never sent with a request for the page. */
export function invitationLink(origin: string, secret: string): string {
  return `${origin}/welcome#${secret}`
}
