import type { CommandName } from '@belfry/protocol/routes.ts'

/** Commands that no storm sends, each with why not. */
export const LEFT_OUT: Partial<Record<CommandName, string>> = {
  'session.create': 'makes a session, as storms do by themselves; hashes a password',
  'me.set-password': 'ends sessions as session.end-other does; hashes a password',
  'user.set-password': 'ends sessions as session.end-other does; hashes a password',
  'session.end-others': 'sent again after its answer was lost, it would end sessions that were begun since',
  'user.search': 'for administrators: reads accounts, and no row of a topic',
  'invite.list': 'no row of a topic',
  'invite.revoke': 'no row of a topic',
  'key.create': 'no row of a topic',
  'key.list': 'no row of a topic',
  'key.revoke': 'no row of a topic',
  'server.get': 'no row of a topic',
  'workspace.get': 'for who is not signed in; the row is told to all who follow the workspace',
  'me.get': 'the row stands in every welcome',
}
