import type { Result } from '@belfry/protocol/commands.ts'

export type Invitation = Result<'invite.list'>['items'][number]

/** How often it was used: '2 of 5 used', '3 used, any number left'. */
export function usesWords({ uses, usesMax }: Pick<Invitation, 'uses' | 'usesMax'>): string {
  if (usesMax === null) return `${uses} used, no limit`
  if (usesMax === 1) return uses === 0 ? 'For one person' : 'Used'
  return `${uses} of ${usesMax} used`
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
