import type { Command } from 'commander'
import { examples, noun, withJson } from './say.ts'

const DRY_RUN = ['--dry-run', 'Read and report, and store nothing'] as const

export function addImport(belfry: Command): void {
  const bring = noun(belfry, 'import', 'Bring what you had elsewhere; running it again doubles nothing')
  withJson(bring.command('django <database>'))
    .description('Accounts with their passwords, messages and notifications of a Django chat project, from its SQLite file')
    .option('--room <name>', 'Where the messages go (General)')
    .option('--messages <table>', 'The table that holds the messages, where it is not found by its shape')
    .option('--notifications <table>', 'The same for the notifications')
    .option(...DRY_RUN)
    .addHelpText('after', examples('npx belfry import django db.sqlite3 --dry-run', 'npx belfry import django db.sqlite3'))
    .action(async (database, options) => (await import('#import/import-django.ts')).importDjango(database, options))
  withJson(bring.command('irc <files...>'))
    .description('Logs of an IRC room, a file a day, with the date in its name: lines `[HH:MM] <nick> text`')
    .requiredOption('--room <name>', 'Where to; the room is made if there is none of this name')
    .option(...DRY_RUN)
    .addHelpText('after', examples('npx belfry import irc --room ubuntu logs/*.txt'))
    .action(async (files, options) => (await import('#import/import-irc.ts')).importIrc(files, options))
}
