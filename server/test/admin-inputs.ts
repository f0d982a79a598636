import { type Command, type CommandName, commands, type Input, rightsOf } from '@belfry/protocol/commands.ts'
import { PASSWORD } from './http-world.ts'

/** What only administrators may, found in the protocol's own table. */
export const ADMIN_COMMANDS = (Object.keys(commands) as CommandName[]).filter((name) =>
  rightsOf(commands[name] as Command).every((right) => right === 'admin'),
)

/** For each of them, something that it would do to this account, invitation and key. */
export function adminInputs(on: { userId: string; inviteId: string; keyId: string }) {
  return {
    'workspace.update': { name: 'Elsewhere', signUp: 'open' },
    'user.search': {},
    'user.update': { id: on.userId, role: 'admin', name: 'Mallory' },
    'user.set-password': { id: on.userId, password: `${PASSWORD} again` },
    'invite.create': {},
    'invite.list': {},
    'invite.revoke': { id: on.inviteId },
    'key.create': { name: 'mine', scopes: ['notify'] },
    'key.list': {},
    'key.revoke': { id: on.keyId },
    'server.get': {},
  } satisfies { [Name in CommandName]?: Input<Name> }
}

/** A command's request over HTTP. */
export function requestOf(name: CommandName, input: Record<string, unknown>): { method: string; path: string; body: object | undefined } {
  const { method, path } = commands[name]
  const rest = { ...input }
  const filled = path.replaceAll(/:(\w+)/g, (_, parameter: string) => {
    const value = String(rest[parameter])
    delete rest[parameter]
    return value
  })
  return { method, path: filled, body: method === 'GET' || Object.keys(rest).length === 0 ? undefined : rest }
}
