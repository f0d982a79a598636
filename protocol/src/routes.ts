/**
 * Where each command stands over HTTP, below `/api/v1`: path parameters, and query (of what only looks) or body, together are the input.
 * Apart from the schemas, so that a browser has the routes without them.
 */
export const ROUTES = {
  'session.create': { method: 'POST', path: '/session' },
  'session.end': { method: 'DELETE', path: '/session' },
  'user.create': { method: 'POST', path: '/users' },
  'workspace.get': { method: 'GET', path: '/workspace' },

  'me.get': { method: 'GET', path: '/me' },
  'me.update': { method: 'PATCH', path: '/me' },
  'me.set-password': { method: 'PATCH', path: '/me/password' },
  'me.set-picture': { method: 'PATCH', path: '/me/picture' },
  'me.set-preferences': { method: 'PATCH', path: '/me/preferences' },
  'session.list': { method: 'GET', path: '/me/sessions' },
  'session.end-other': { method: 'DELETE', path: '/me/sessions/:id' },
  'session.end-others': { method: 'DELETE', path: '/me/sessions' },
  'user.list': { method: 'GET', path: '/users' },

  'block.create': { method: 'POST', path: '/me/blocks/:id' },
  'block.end': { method: 'DELETE', path: '/me/blocks/:id' },

  'direct.open': { method: 'POST', path: '/directs' },
  'room.list': { method: 'GET', path: '/rooms' },
  'room.create': { method: 'POST', path: '/rooms' },
  'room.update': { method: 'PATCH', path: '/rooms/:roomId' },
  'room.join': { method: 'POST', path: '/rooms/:roomId/members' },
  'room.read': { method: 'PATCH', path: '/me/rooms/:roomId' },
  'room.read-all': { method: 'PATCH', path: '/me/rooms' },
  'place.update': { method: 'PATCH', path: '/me/rooms/:roomId/place' },
  'room.leave': { method: 'DELETE', path: '/me/rooms/:roomId' },
  'member.list': { method: 'GET', path: '/rooms/:roomId/members' },
  'member.add': { method: 'POST', path: '/rooms/:roomId/members/:id' },
  'member.update': { method: 'PATCH', path: '/rooms/:roomId/members/:id' },
  'member.remove': { method: 'DELETE', path: '/rooms/:roomId/members/:id' },
  'message.list': { method: 'GET', path: '/rooms/:roomId/messages' },
  'message.post': { method: 'POST', path: '/rooms/:roomId/messages' },
  'message.edit': { method: 'PATCH', path: '/rooms/:roomId/messages/:id' },
  'message.delete': { method: 'DELETE', path: '/rooms/:roomId/messages/:id' },
  'message.versions': { method: 'GET', path: '/rooms/:roomId/messages/:id/versions' },
  'reaction.add': { method: 'POST', path: '/rooms/:roomId/messages/:id/reactions/:emoji' },
  'reaction.remove': { method: 'DELETE', path: '/rooms/:roomId/messages/:id/reactions/:emoji' },

  'notification.publish': { method: 'POST', path: '/notifications' },
  'notification.list': { method: 'GET', path: '/me/notifications' },
  'notification.mark': { method: 'PATCH', path: '/me/notifications/:id' },
  'notification.mark-all': { method: 'PATCH', path: '/me/notifications' },
  'notification.delete': { method: 'DELETE', path: '/me/notifications/:id' },

  'workspace.update': { method: 'PATCH', path: '/workspace' },
  'user.find': { method: 'GET', path: '/users/find' },
  'user.search': { method: 'GET', path: '/users/search' },
  'user.update': { method: 'PATCH', path: '/users/:id' },
  'user.set-password': { method: 'PATCH', path: '/users/:id/password' },
  'invite.create': { method: 'POST', path: '/invites' },
  'invite.list': { method: 'GET', path: '/invites' },
  'invite.revoke': { method: 'DELETE', path: '/invites/:id' },
  'key.create': { method: 'POST', path: '/keys' },
  'key.list': { method: 'GET', path: '/keys' },
  'key.revoke': { method: 'DELETE', path: '/keys/:id' },
  'server.get': { method: 'GET', path: '/server' },
} as const satisfies Record<string, Route>

export interface Route {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  path: string
}

export type CommandName = keyof typeof ROUTES
