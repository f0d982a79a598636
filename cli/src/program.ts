import { version } from '@belfry/server/lib/version.ts'
import { Command } from 'commander'
import { addCopies } from '#usage/copies.ts'
import { addImport } from '#usage/import.ts'
import { addInvite } from '#usage/invite.ts'
import { addKey } from '#usage/key.ts'
import { examples, withJson } from '#usage/say.ts'
import { addUser } from '#usage/user.ts'
import { addRoom, addServer, addWorkspace } from '#usage/workspace.ts'

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
  addNotify(belfry)
  addUser(belfry)
  addInvite(belfry)
  addKey(belfry)
  addWorkspace(belfry)
  addRoom(belfry)
  addServer(belfry)
  addDoctor(belfry)
  addImport(belfry)
  addCopies(belfry)
  return belfry
}

function addServe(belfry: Command): void {
  withJson(belfry.command('serve'), 'Write the log as JSON, on a terminal too')
    .description('Start the server; builds the web app first where that is missing or stale')
    .addHelpText('after', examples('npx belfry serve', 'PORT=8080 DATA_DIR=/var/lib/belfry npx belfry serve'))
    .action(async (options) => (await import('./serve.ts')).serve(options))
}

function addDoctor(belfry: Command): void {
  withJson(belfry.command('doctor'))
    .description('Say what is wrong with a server: settings, database, Redis, clock, proxy, sockets and streams')
    .addHelpText(
      'after',
      `
It looks at what the settings name, and at the server by its public address (BASE_URL): run it with the server's own settings, while it
serves. For a moment somebody is signed in by it, and it shows in their list of devices. A database without tables, or of an
older version, it leaves as it is. It ends with 1 when something is wrong.
${examples('npx belfry doctor', 'BASE_URL=https://chat.example.com npx belfry doctor --json')}`,
    )
    .action(async (options) => (await import('./doctor.ts')).examine(options))
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
