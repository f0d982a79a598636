import type { Result } from '@belfry/protocol/commands.ts'

export type Invitation = Result<'invite.list'>['items'][number]

export function whomWords(usesMax: number | null): string {
  if (usesMax === null) return 'For any number of people'
  return usesMax === 1 ? 'For one person' : `For ${usesMax} people`
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
