import { type Command, Option } from 'commander'
import { examples, noun, withJson } from './say.ts'

/** What concerns all: the workspace, its rooms, the server. */
export function addWorkspace(belfry: Command): void {
  const workspace = noun(belfry, 'workspace', 'Its name, and who may make an account')
  withJson(workspace.command('show'))
    .description('Show both')
    .action(async (options) => (await import('#workspace.ts')).showWorkspace(options))
  withJson(workspace.command('set'))
    .description('Change one or both; people see it at once')
    .option('--name <name>', 'What people see')
    .addOption(new Option('--sign-up <mode>', 'Everybody, whoever has an invitation, or nobody').choices(['open', 'invite', 'closed']))
    .addHelpText('after', examples('npx belfry workspace set --name "Example Inc."', 'npx belfry workspace set --sign-up closed'))
    .action(async (options) => (await import('#workspace.ts')).setWorkspace(options))
}

export function addRoom(belfry: Command): void {
  const room = noun(belfry, 'room', 'Where people talk')
  withJson(room.command('list'))
    .description('Show all rooms with their ids')
    .action(async (options) => (await import('#rooms.ts')).listRooms(options))
}

export function addServer(belfry: Command): void {
  withJson(belfry.command('server'))
    .description('Show what the data folder says: version, size, how much is in it')
    .addHelpText('after', examples('npx belfry server --json'))
    .action(async (options) => (await import('#server.ts')).showServer(options))
}
