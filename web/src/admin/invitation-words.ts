import type { Result } from '@belfry/protocol/commands.ts'
import { sentenceList } from './sentence-list.ts'

export type Invitation = Result<'invite.list'>['items'][number]

export function whomWords(usesMax: number | null): string {
  if (usesMax === null) return 'For any number of people'
  return usesMax === 1 ? 'For one person' : `For ${usesMax} people`
}

/** What whoever accepts it comes as, and where; null: a member like all. `names`: of the rooms that one may see oneself. */
export function leadsWords({ role, rooms }: Pick<Invitation, 'role' | 'rooms'>, names: readonly string[]): string | null {
  if (rooms.length === 0) return null
  const others = rooms.length - names.length
  const hidden = others === 0 ? [] : [others === 1 ? 'a room you are not in' : `${others} rooms you are not in`]
  return `${role === 'guest' ? 'as guests, in' : 'also in'} ${sentenceList([...names, ...hidden])}`
}

export function usesWords(uses: number): string {
  if (uses === 0) return 'not used yet'
  return uses === 1 ? 'used once' : `used ${uses} times`
}

/** Why it lets nobody in any more; null: it does. */
export function endWords(invitation: Invitation, now: number): string | null {
  if (invitation.revokedAt !== null) return 'Revoked'
  if (invitation.usesMax !== null && invitation.uses >= invitation.usesMax) return 'Used up'
  return invitation.expiresAt !== null && invitation.expiresAt <= now ? 'Expired' : null
}

/** The link that is passed on. What stands after # is never sent with a request for the page. */
export function invitationLink(origin: string, secret: string): string {
  return `${origin}/welcome#${secret}`
}
