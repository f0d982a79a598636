import type { Command } from 'commander'
import { examples, withJson } from './say.ts'

export function addCopies(belfry: Command): void {
  withJson(belfry.command('backup <file>'))
    .description('Write everything into one new file, while the server runs; keep it as secret as the data')
    .addHelpText('after', examples('npx belfry backup belfry-$(date +%F).backup'))
    .action(async (file, options) => (await import('#copies/backup.ts')).backup(file, options))
  withJson(belfry.command('restore <file>'))
    .description('Put a backup into an empty data folder, or an empty database that DATABASE_URL names')
    .addHelpText('after', examples('DATA_DIR=restored npx belfry restore belfry-2026-03-01.backup'))
    .action(async (file, options) => (await import('#copies/restore.ts')).restore(file, options))
  withJson(belfry.command('move <url>'))
    .description('Take everything from the data folder to an empty PostgreSQL database, while no server runs; the folder stays as it is')
    .addHelpText('after', examples('PGPASSWORD=… npx belfry move postgres://belfry@db.internal/belfry'))
    .action(async (url, options) => (await import('#copies/move.ts')).move(url, options))
  withJson(belfry.command('restored'))
    .description('Say that a copy which is no backup of Belfry was put in place of the data, before the server starts from it')
    .addHelpText('after', examples('npx belfry restored'))
    .action(async (options) => (await import('#restored.ts')).restored(options))
}
