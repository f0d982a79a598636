import { readFileSync } from 'node:fs'
import { SCOPES, type Scope } from '@belfry/protocol/commands.ts'
import { Command, InvalidArgumentError, Option } from 'commander'

const SETTINGS = `
Settings are environment variables, the same for every command:
  DATA_DIR   where the database is            (./data)
  HOST       the address to listen on         (127.0.0.1)
  PORT       the port to listen on            (8000)
  BASE_URL   what people type, when there is a proxy in front
  LOG_LEVEL  fatal … trace, silent            (info)
The README lists the others: limits, proxies.
Commands work on the same data also while the server runs.`

/** The commands and their help. What a command needs is loaded when it runs: help must come at once. */
export function program({ json }: { json: boolean }): Command {
  const belfry = new Command('belfry')
    .description('Team chat and user notifications that you host yourself.')
    .version(version(), '-V, --version', 'Say which version this is')
    .helpOption('-h, --help', 'Say what there is')
    .helpCommand(false)
    .showSuggestionAfterError()
    .exitOverride()
    .configureOutput({ outputError: (text, write) => (json ? undefined : write(text)) })
    .addHelpText('after', SETTINGS)
  addServe(belfry)
  addUser(belfry)
  addKey(belfry)
  addNotify(belfry)
  addRestored(belfry)
  return belfry
}

function version(): string {
  const file = new URL('../../package.json', import.meta.url)
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version
}

function addServe(belfry: Command): void {
  withJson(belfry.command('serve'), 'Write the log as JSON, on a terminal too')
    .description('Start the server; builds the web app first where that is missing or stale')
    .addHelpText('after', examples('npx belfry serve', 'PORT=8080 DATA_DIR=/var/lib/belfry npx belfry serve'))
    .action(async (options) => (await import('./serve.ts')).serve(options))
}

function addUser(belfry: Command): void {
  const user = belfry.command('user').description('Accounts')
  withJson(user.command('create <username>'))
    .description('Make an account; asks for its password')
    .option('--name <name>', 'What people see; the user name unless given')
    .option('--admin', 'An administrator')
    .option('--password-stdin', 'Read the password from standard input')
    .addHelpText(
      'after',
      examples('npx belfry user create alice --admin', 'npx belfry user create bob --name "Bob" --password-stdin < password.txt'),
    )
    .action(async (username, options) => (await import('./users.ts')).createUser(username, options))
  withJson(user.command('list'))
    .description('Show all accounts')
    .action(async (options) => (await import('./users.ts')).listUsers(options))
  withJson(user.command('disable <username>'))
    .description('Sign an account out everywhere and let it in no more; its messages stay')
    .addHelpText('after', examples('npx belfry user disable bob'))
    .action(async (username, options) => (await import('./users.ts')).disableUser(username, options))
  withJson(user.command('password <username>'))
    .description('Set a new password, and sign the account out everywhere')
    .option('--password-stdin', 'Read the password from standard input')
    .addHelpText('after', examples('npx belfry user password bob', 'npx belfry user password bob --password-stdin < password.txt'))
    .action(async (username, options) => (await import('./users.ts')).setPassword(username, options))
}

function addKey(belfry: Command): void {
  const key = belfry.command('key').description('API keys, for programs')
  const scope = new Option('--scope <scope>', `What it is for: ${SCOPES.join(', ')}; may be given more than once`)
  withJson(key.command('create <name>'))
    .description('Make a key; it is shown this once, alone on standard output')
    .addOption(scope.argParser(addScope).makeOptionMandatory())
    .addHelpText(
      'after',
      examples('npx belfry key create "build server" --scope notify', 'npx belfry key create ci --scope notify > ci.key'),
    )
    .action(async (name, options) => (await import('./keys.ts')).createKey(name, options))
  withJson(key.command('list'))
    .description('Show all keys, without what is secret about them')
    .action(async (options) => (await import('./keys.ts')).listKeys(options))
  withJson(key.command('revoke <key>'))
    .description('Make a key open nothing from now on; by its id or its name')
    .addHelpText('after', examples('npx belfry key revoke ci'))
    .action(async (name, options) => (await import('./keys.ts')).revokeKey(name, options))
}

function addRestored(belfry: Command): void {
  withJson(belfry.command('restored'))
    .description('Say that an older copy was put into the data folder, before the server starts from it')
    .addHelpText('after', examples('npx belfry restored'))
    .action(async (options) => (await import('./restored.ts')).restored(options))
}

function addNotify(belfry: Command): void {
  withJson(belfry.command('notify <users> <title>'))
    .description('Ring the bell of one person, or of several with commas between; 0 means stored for each')
    .option('--body <text>', 'More text')
    .option('--url <address>', 'Where a click leads: http(s), or a path on this server')
    .option('--key <key>', 'The same key again is the same notification, which does not ring again')
    .option('--category <category>', 'What it is about')
    .option('--priority <priority>', 'low, normal, high or urgent')
    .addHelpText(
      'after',
      examples(
        'npx belfry notify alice "Build failed" --url https://ci.example.com/7',
        'npx belfry notify alice,bob "Backup done" --key backup-today --priority low',
      ),
    )
    .action(async (users, title, options) => (await import('./notify.ts')).notify({ users, title }, options))
}

function withJson(command: Command, says = 'One JSON document on standard output; errors as one on standard error'): Command {
  return command.option('--json', says)
}

function addScope(given: string, before: Scope[] = []): Scope[] {
  const scope = SCOPES.find((one) => one === given)
  if (!scope) throw new InvalidArgumentError(`There is: ${SCOPES.join(', ')}.`)
  return [...before.filter((one) => one !== scope), scope]
}

function examples(...lines: string[]): string {
  return `\nFor example:\n${lines.map((line) => `  ${line}`).join('\n')}`
}
