import { roomTopic } from '@belfry/protocol/topics.ts'
import { findUsers, searchUsers } from '#accounts/accounts.ts'
import { createInvite } from '#accounts/create-invite.ts'
import { createKey } from '#accounts/create-key.ts'
import { createUser, prepareUser } from '#accounts/create-user.ts'
import { endOtherSession } from '#accounts/end-other-session.ts'
import { endOtherSessions } from '#accounts/end-other-sessions.ts'
import { endSession } from '#accounts/end-session.ts'
import { extendSession } from '#accounts/extend-session.ts'
import { getServer } from '#accounts/facts.ts'
import { inviteFirst } from '#accounts/first-invite.ts'
import { listInvites } from '#accounts/invites.ts'
import { listKeys } from '#accounts/keys.ts'
import { renewPassword } from '#accounts/renew-password.ts'
import { revokeInvite } from '#accounts/revoke-invite.ts'
import { revokeKey } from '#accounts/revoke-key.ts'
import { listSessions } from '#accounts/sessions.ts'
import { prepareOwnPassword, setOwnPassword } from '#accounts/set-own-password.ts'
import { preparePassword, setPassword } from '#accounts/set-password.ts'
import { preparePicture, setPicture } from '#accounts/set-picture.ts'
import { getWorkspace } from '#accounts/settings.ts'
import { type Entered, signIn } from '#accounts/sign-in.ts'
import { signUp } from '#accounts/sign-up.ts'
import { startSession } from '#accounts/start-session.ts'
import { touchKey } from '#accounts/touch-key.ts'
import { updateMe } from '#accounts/update-me.ts'
import { updateUser } from '#accounts/update-user.ts'
import { updateWorkspace } from '#accounts/update-workspace.ts'
import { getMe, listUsers } from '#accounts/users.ts'
import { addMember } from '#chat/add-member.ts'
import { addReaction } from '#chat/add-reaction.ts'
import { createBlock } from '#chat/create-block.ts'
import { createRoom } from '#chat/create-room.ts'
import { deleteMessage } from '#chat/delete-message.ts'
import { editMessage } from '#chat/edit-message.ts'
import { endBlock } from '#chat/end-block.ts'
import { joinRoom } from '#chat/join-room.ts'
import { leaveRoom } from '#chat/leave-room.ts'
import { listMembers } from '#chat/members.ts'
import { listMessages } from '#chat/messages.ts'
import { openDirect } from '#chat/open-direct.ts'
import { postMessage, postMessages } from '#chat/post-message.ts'
import { removeMember } from '#chat/remove-member.ts'
import { removeReaction } from '#chat/remove-reaction.ts'
import { listRooms } from '#chat/rooms.ts'
import { updateMember } from '#chat/update-member.ts'
import { updatePlace } from '#chat/update-place.ts'
import { updateRoom } from '#chat/update-room.ts'
import { listVersions } from '#chat/versions.ts'
import { storeHistory } from '#imports/store-history.ts'
import { deleteNotification } from '#notifications/delete-notification.ts'
import { claimJobs } from '#jobs/claim-jobs.ts'
import { delayJob } from '#jobs/delay-job.ts'
import { releaseJob } from '#jobs/release-job.ts'
import { listNotifications } from '#notifications/inbox.ts'
import { LISTENERS_MAX } from '#notifications/listeners.ts'
import { markAllNotifications } from '#notifications/mark-all-notifications.ts'
import { markNotification } from '#notifications/mark-notification.ts'
import { publishNotification, recipientCount } from '#notifications/publish-notification.ts'
import { readAllRooms } from '#notifications/read-all-rooms.ts'
import { readLeftRoom } from '#notifications/read-left-room.ts'
import { readRoom } from '#notifications/read-room.ts'
import { ringMembers } from '#notifications/ring-members.ts'
import { setPreferences } from '#presence/set-preferences.ts'
import type { Actor, WriteTable } from '#store/batch.ts'
import { renewEpoch } from '#store/epoch.ts'
import type { ReadFunction } from '#store/read.ts'
import type { Store } from '#store/store.ts'

/** What changes something: run by its name, in a batch, in the writer thread. The lower half is not on the wire. */
export const writes = {
  'message.post': { one: postMessage, many: postMessages, topic: ({ roomId }) => roomTopic(roomId) },
  'message.edit': { one: editMessage },
  'message.delete': { one: deleteMessage },
  'reaction.add': { one: addReaction },
  'reaction.remove': { one: removeReaction },
  'direct.open': { one: openDirect },
  'room.create': { one: createRoom },
  'room.update': { one: updateRoom },
  'room.join': { one: joinRoom },
  'room.read': { one: readRoom },
  'room.read-all': { one: readAllRooms },
  'place.update': { one: updatePlace },
  'room.leave': { one: leaveRoom },
  'member.add': { one: addMember },
  'member.update': { one: updateMember },
  'member.remove': { one: removeMember },
  'block.create': { one: createBlock },
  'block.end': { one: endBlock },
  'notification.publish': { one: publishNotification, weight: recipientCount },
  'notification.mark': { one: markNotification },
  'notification.mark-all': { one: markAllNotifications },
  'notification.delete': { one: deleteNotification },
  'session.end': { one: endSession },
  'session.end-other': { one: endOtherSession },
  'session.end-others': { one: endOtherSessions },
  'me.update': { one: updateMe },
  'me.set-password': { one: setOwnPassword },
  'me.set-picture': { one: setPicture },
  'me.set-preferences': { one: setPreferences },
  'workspace.update': { one: updateWorkspace },
  'user.create': { one: createUser },
  'user.update': { one: updateUser },
  'user.set-password': { one: setPassword },
  'invite.create': { one: createInvite },
  'invite.revoke': { one: revokeInvite },
  'key.create': { one: createKey },
  'key.revoke': { one: revokeKey },

  'password.renew': { one: renewPassword },
  'session.start': { one: startSession },
  'session.extend': { one: extendSession },
  'invite.first': { one: inviteFirst },
  'key.used': { one: touchKey },
  'history.store': { one: storeHistory },
  'message.ring': { one: ringMembers, weight: () => LISTENERS_MAX },
  'place.left': { one: readLeftRoom },
  'job.claim': { one: claimJobs },
  'job.delay': { one: delayJob },
  'job.release': { one: releaseJob },
  'epoch.renew': { one: renewEpoch },
} as const satisfies WriteTable

type Writes = typeof writes
type InputOf<Name extends keyof Writes> = Parameters<Writes[Name]['one']>[1]['input']

/** What takes milliseconds (hashing, say), done outside of any transaction: makes the write's input of what the command was given. */
export const preparations: { [Name in keyof Writes]?: (store: Store, from: { input: never; actor: Actor }) => Promise<InputOf<Name>> } = {
  'me.set-password': prepareOwnPassword,
  'me.set-picture': preparePicture,
  'user.create': prepareUser,
  'user.set-password': preparePassword,
}

/** What only looks: run on one snapshot, for a person who may. */
export const reads = {
  'workspace.get': getWorkspace,
  'me.get': getMe,
  'session.list': listSessions,
  'user.list': listUsers,
  'user.find': findUsers,
  'room.list': listRooms,
  'member.list': listMembers,
  'message.list': listMessages,
  'message.versions': listVersions,
  'notification.list': listNotifications,
  'user.search': searchUsers,
  'invite.list': listInvites,
  'key.list': listKeys,
  'server.get': getServer,
} as const satisfies Record<string, ReadFunction<never, unknown>>

/** What signs a device in: takes milliseconds of hashing outside of any transaction, and answers a secret, so HTTP alone offers it. */
export const entrances = {
  'session.create': signIn,
  'user.create': signUp,
} as const satisfies Record<string, (store: Store, input: never) => Promise<Entered>>
