import { addUser } from '#accounts/add-user.ts'
import { disableUser } from '#accounts/disable-user.ts'
import { endSession } from '#accounts/end-session.ts'
import { extendSession } from '#accounts/extend-session.ts'
import { inviteFirst } from '#accounts/first-invite.ts'
import { createKey, revokeKey, touchKey } from '#accounts/keys.ts'
import { renewPassword } from '#accounts/renew-password.ts'
import { setPassword } from '#accounts/set-password.ts'
import { type Entered, signIn } from '#accounts/sign-in.ts'
import { signUp } from '#accounts/sign-up.ts'
import { startSession } from '#accounts/start-session.ts'
import { getMe, listUsers } from '#accounts/users.ts'
import { deleteMessage } from '#chat/delete-message.ts'
import { editMessage } from '#chat/edit-message.ts'
import { listMessages } from '#chat/messages.ts'
import { postMessage, postMessages } from '#chat/post-message.ts'
import { listRooms } from '#chat/rooms.ts'
import { deleteNotification } from '#notifications/delete-notification.ts'
import { listNotifications } from '#notifications/inbox.ts'
import { markAllNotifications } from '#notifications/mark-all-notifications.ts'
import { markNotification } from '#notifications/mark-notification.ts'
import { publishNotification, recipientCount } from '#notifications/publish-notification.ts'
import type { WriteTable } from '#store/batch.ts'
import { renewEpoch } from '#store/epoch.ts'
import type { ReadFunction } from '#store/read.ts'
import type { Store } from '#store/store.ts'

/** What changes something: run by its name, in a batch, in the writer thread. The lower half is not on the wire. */
export const writes = {
  'message.post': { one: postMessage, many: postMessages },
  'message.edit': { one: editMessage },
  'message.delete': { one: deleteMessage },
  'notification.publish': { one: publishNotification, weight: recipientCount },
  'notification.mark': { one: markNotification },
  'notification.mark-all': { one: markAllNotifications },
  'notification.delete': { one: deleteNotification },
  'session.end': { one: endSession },

  'user.add': { one: addUser },
  'user.disable': { one: disableUser },
  'user.password': { one: setPassword },
  'password.renew': { one: renewPassword },
  'session.start': { one: startSession },
  'session.extend': { one: extendSession },
  'invite.first': { one: inviteFirst },
  'key.create': { one: createKey },
  'key.revoke': { one: revokeKey },
  'key.used': { one: touchKey },
  'epoch.renew': { one: renewEpoch },
} as const satisfies WriteTable

/** What only looks: run on one snapshot, for a person. */
export const reads = {
  'me.get': getMe,
  'user.list': listUsers,
  'room.list': listRooms,
  'message.list': listMessages,
  'notification.list': listNotifications,
} as const satisfies Record<string, ReadFunction<never, unknown>>

/** What signs a device in: takes milliseconds of hashing outside of any transaction, and answers a secret, so HTTP alone offers it. */
export const entrances = {
  'session.create': signIn,
  'user.create': signUp,
} as const satisfies Record<string, (store: Store, input: never) => Promise<Entered>>
