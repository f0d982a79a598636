import { SCOPES, type Scope } from '@belfry/protocol/commands.ts'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { examples, noun, withJson } from './say.ts'

export function addKey(belfry: Command): void {
  const key = noun(belfry, 'key', 'API keys, for programs')
  const scope = new Option('--scope <scope>', `What it is for: ${SCOPES.join(', ')}; may be given more than once`)
  withJson(key.command('create <name>'))
    .description('Make a key; it is shown this once, alone on standard output')
    .addOption(scope.argParser(addScope).makeOptionMandatory())
    .addHelpText(
      'after',
      examples('npx belfry key create "build server" --scope notify', 'npx belfry key create ci --scope notify > ci.key'),
    )
    .action(async (name, options) => (await import('#keys.ts')).createKey(name, options))
  withJson(key.command('list'))
    .description('Show all keys, without what is secret about them')
    .action(async (options) => (await import('#keys.ts')).listKeys(options))
  withJson(key.command('revoke <key>'))
    .description('Make a key open nothing from now on; by its id or its name')
    .addHelpText('after', examples('npx belfry key revoke ci'))
    .action(async (name, options) => (await import('#keys.ts')).revokeKey(name, options))
}

function addScope(given: string, before: Scope[] = []): Scope[] {
  const scope = SCOPES.find((one) => one === given)
  if (!scope) throw new InvalidArgumentError(`There is: ${SCOPES.join(', ')}.`)
  return [...before.filter((one) => one !== scope), scope]
}
