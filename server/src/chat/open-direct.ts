import type { Parsed, Result } from '@belfry/protocol/commands.ts'
import type { Room, User } from '@belfry/protocol/rows.ts'
import { roomTopic, userTopic } from '@belfry/protocol/topics.ts'
import { uuidv7 } from '@belfry/protocol/uuid.ts'
import { requirePerson, topicsOfAdmin } from '#accounts/actor.ts'
import { isGuest, knownToGuest } from '#accounts/guests.ts'
import { findPlace } from '#accounts/memberships.ts'
import { usersWithIds } from '#accounts/users.ts'
import { Refusal } from '#lib/refusal.ts'
import type { Write } from '#store/batch.ts'
import type { Tx } from '#store/tx.ts'
import { requireUnblocked } from './blocks.ts'
import { findDirect, peopleIn, peopleKey, requireFewEnough } from './directs.ts'
import { storeMembers } from './members.ts'
import { showPlace } from './places.ts'

/**
 * direct.open: the conversation of these people, which their set names [W3]: the same people find the same one, whoever asks. Opening one that
 * is hidden shows it again. Refusals: unknown-recipient, forbidden (somebody is blocked), too-large.
 */
export async function openDirect(tx: Tx, { input, actor }: Write<Parsed<'direct.open'>>): Promise<Result<'direct.open'>> {
  const self = actor.is === 'person' ? [actor.userId] : []
  const key = peopleKey([...input.people, ...self])
  const people = peopleIn(key)
  // One of each set of people: two that open it at once meet at the workspace's lock.
  await tx.lock(...topicsOfAdmin(actor), ...people.map(userTopic))
  const { userId } = await requirePerson(tx, actor)
  // Also where one is the last of a group.
  if (people.length === 1) throw new Refusal('unknown-recipient', 'Name somebody else to talk with.')
  const there = await findDirect(tx.db, key)
  if (there) {
    await showPlace(tx, userId, (await findPlace(tx.db, userId, there.id))!)
    return { ...there, people, duplicate: true }
  }
  requireFewEnough(people)
  const others = await requireOthers(tx, people, userId)
  await requireUnblocked(tx.db, userId, others)
  return { ...(await storeDirect(tx, key, userId)), people }
}

/** Accounts that are not disabled: a guest is answered alike, whether there is none or one of whom they know nothing [A3]. */
async function requireOthers(tx: Tx, people: string[], userId: string): Promise<User[]> {
  const accounts = await usersWithIds(tx.db, people)
  const known = (await isGuest(tx.db, userId)) ? await knownToGuest(tx.db, userId, accounts) : accounts
  const others = known.filter(({ id, disabledAt }) => id !== userId && disabledAt === null)
  const found = new Set([userId, ...others.map(({ id }) => id)])
  const errors = people.filter((id) => !found.has(id)).map((id) => ({ at: id, detail: `${id} is unknown or disabled` }))
  if (errors.length > 0) throw new Refusal('unknown-recipient', 'Somebody of these has no account here, or a disabled one.', { errors })
  return others
}

/** The others learn of it with its first message. */
async function storeDirect(tx: Tx, key: string, openedBy: string): Promise<Room> {
  const id = uuidv7()
  const is = { name: '', description: '', kind: 'direct' as const, posting: 'members' as const, history: 'since-joined' as const }
  const row = { id, ...is, createdAt: tx.now, archivedAt: null }
  const room = await tx.change(roomTopic(id), { kind: 'room', row, extra: { createdBy: openedBy, people: key } })
  const place = (userId: string) => ({ notify: 'everything' as const, hiddenTo: userId === openedBy ? null : 0 })
  await storeMembers(
    tx,
    peopleIn(key).map((userId) => ({ roomId: id, userId, role: 'member', place: place(userId) })),
  )
  return room
}
