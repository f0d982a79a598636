import { Argument, type Command, Option } from 'commander'
import { count } from './count.ts'
import { examples, noun, withJson } from './say.ts'

const LISTED = 100

/** What is written `<user>` is a user name or an id. */
export function addUser(belfry: Command): void {
  const user = noun(belfry, 'user', 'Accounts')
  addCreate(user)
  addList(user)
  addRename(user)
  addRole(user)
  withJson(user.command('disable <user>'))
    .description('Sign an account out everywhere and let it in no more; its messages stay')
    .addHelpText('after', examples('npx belfry user disable bob'))
    .action(async (name, options) => (await import('#users.ts')).disableUser(name, options))
  withJson(user.command('enable <user>'))
    .description('Let a disabled account in again')
    .addHelpText('after', examples('npx belfry user enable bob'))
    .action(async (name, options) => (await import('#users.ts')).enableUser(name, options))
  withJson(user.command('password <user>'))
    .description('Set a new password, and sign the account out everywhere')
    .option('--password-stdin', 'Read the password from standard input')
    .addHelpText('after', examples('npx belfry user password bob', 'npx belfry user password bob --password-stdin < password.txt'))
    .action(async (name, options) => (await import('#users.ts')).setPassword(name, options))
}

function addCreate(user: Command): void {
  withJson(user.command('create <username>'))
    .description('Make an account; asks for its password')
    .option('--name <name>', 'What people see; the user name unless given')
    .addOption(new Option('--admin', 'An administrator').conflicts('guest'))
    .option('--guest', 'A guest, who sees only the rooms they are brought into')
    .option('--password-stdin', 'Read the password from standard input')
    .addHelpText(
      'after',
      examples('npx belfry user create alice --admin', 'npx belfry user create bob --name "Bob" --password-stdin < password.txt'),
    )
    .action(async (username, options) => (await import('#users.ts')).createUser(username, options))
}

function addList(user: Command): void {
  withJson(user.command('list'))
    .description('Show accounts with their ids, by user name')
    .option('--search <text>', 'Those whose user name, name or id holds this')
    .addOption(
      new Option('--state <state>', 'Only these; imported: authors whom an import brought, who are no accounts').choices([
        'active',
        'disabled',
        'imported',
      ]),
    )
    .option('--limit <number>', 'So many at most', count, LISTED)
    .addHelpText('after', examples('npx belfry user list --search ali', 'npx belfry user list --state disabled --limit 1000 --json'))
    .action(async (options) => (await import('#users.ts')).listUsers(options))
}

function addRename(user: Command): void {
  withJson(user.command('rename <user>'))
    .description('Give an account another user name, or another name')
    .option('--username <username>', 'What it signs in with')
    .option('--name <name>', 'What people see')
    .addHelpText('after', examples('npx belfry user rename bob --username robert --name "Robert"'))
    .action(async (name, options) => (await import('#users.ts')).renameUser(name, options))
}

function addRole(user: Command): void {
  withJson(user.command('role <user>'))
    .addArgument(new Argument('<role>', 'What the account becomes').choices(['admin', 'member', 'guest']))
    .description(
      'Make an administrator of an account (admin), a guest who sees only the rooms they are brought into, or an ordinary member',
    )
    .addHelpText(
      'after',
      examples('npx belfry user role alice admin', 'npx belfry user role bob member', 'npx belfry user role carol guest'),
    )
    .action(async (name, role, options) => (await import('#users.ts')).setRole(name, { ...options, role }))
}
