import { INVITE_LASTS_MAX_MS, INVITE_USES_MAX } from '@belfry/protocol/limits.ts'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { countTo } from './count.ts'
import { examples, noun, withJson } from './say.ts'

export function addInvite(belfry: Command): void {
  const invite = noun(belfry, 'invite', 'Links by which people make their own accounts')
  withJson(invite.command('create'))
    .description('Make a link; it is shown this once, alone on standard output')
    .option('--uses <number>', 'So many accounts at most; without bound unless given', countTo(INVITE_USES_MAX))
    .addOption(new Option('--expires <time>', 'For how long: 30m, 12h, 7d, 4w, or never').argParser(duration).default(duration('7d'), '7d'))
    .option('--guest', 'Who comes by it is a guest, who sees the rooms alone that are named')
    .option('--room <room>', 'A room, by its name or id, which they join; may be given more than once', more)
    .addHelpText('after', examples('npx belfry invite create --uses 10', 'npx belfry invite create --uses 1 --guest --room Den'))
    .action(async (options) => (await import('#invites.ts')).createInvite(options))
  withJson(invite.command('list'))
    .description('Show all invitations, without what is secret about them')
    .action(async (options) => (await import('#invites.ts')).listInvites(options))
  withJson(invite.command('revoke <id>'))
    .description('Make an invitation let nobody in from now on')
    .addHelpText('after', examples('npx belfry invite revoke 0198c6a2-7d1e-7c43-9f0a-6a2b8f1d3e55'))
    .action(async (id, options) => (await import('#invites.ts')).revokeInvite(id, options))
}

function more(given: string, before: string[] = []): string[] {
  return [...before, given]
}

const UNITS_MS: Record<string, number> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 }

/** `7d` in milliseconds. */
function duration(given: string): number | 'never' {
  if (given === 'never') return given
  const [, number, unit] = /^([1-9]\d{0,5})([mhdw])$/.exec(given) ?? []
  if (!unit) throw new InvalidArgumentError('Write it as 30m, 12h, 7d, 4w, or never.')
  const ms = Number(number) * UNITS_MS[unit]!
  if (ms > INVITE_LASTS_MAX_MS) throw new InvalidArgumentError('A year at most, or never.')
  return ms
}
