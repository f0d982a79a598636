import type { Member } from '@belfry/protocol/rows.ts'

export const ROLES: Record<Member['role'], string> = { owner: 'Owner', moderator: 'Moderator', member: 'Member' }

/** What somebody may do in a room who is this. */
export const MEANINGS: Record<Member['role'], string> = {
  owner: 'Owners decide on everything here: who is in the room, who is what, and whether it stays open and in use.',
  moderator: 'Moderators rename and describe the room, add and remove members, and delete what others wrote.',
  member: 'Members read and write.',
}
