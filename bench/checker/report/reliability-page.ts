import type { Asked } from '#checker/arguments.ts'
import type { Outcome } from '#checker/outcome.ts'
import type { Bite } from '#checker/teeth/bite.ts'
import { SAMPLES_MIN, tooLong } from '#checker/times.ts'
import { number } from '#report/numbers.ts'
import { asMarkdown } from '#report/table.ts'
import { faultTable, runTable, teethTable, timeTable, verdictTable } from './tables.ts'

/** What docs/reliability.md is made of. */
interface Results {
  asked: Asked
  outcome: Outcome
  bites: Bite[]
  /** What it was made on. */
  site: string[]
}

export function reliabilityPage({ asked, outcome, bites, site }: Results): string {
  const { minutes, deliveries, seed, nodes } = asked
  const command = `npm run chaos -- --minutes ${minutes} --deliveries ${deliveries} --seed ${seed} --nodes ${nodes} --write`
  return `# Reliability

Written by \`${command}\`, a run of ${number(outcome.lastedMs / 60_000)} minutes: ${verdictWords(outcome, bites)}

${site.map((line) => `- ${line}`).join('\n')}

## What was done

People with real clients (the SDK, several devices a person) and with bare sockets write, edit, delete, react and read in open and closed rooms,
and are sent notifications. An operator removes them from closed rooms and brings them back, and disables accounts, meanwhile; and one fault follows the other. Every
client writes down what it sent, what it was answered, every frame that it was told, and in the end what its screen shows. Then all comes to rest,
and each of these histories is judged against the database. Where the server was put back to a backup, what came before is judged against what it
held when it was stopped; what was answered before the backup was begun must be there afterwards too, and nothing that came between may be shown.

${asMarkdown(runTable(outcome))}

## How long it took

${asMarkdown(timeTable(outcome))}

A client counts once for each time that it lost a node; Redis once for each return, until every node hears by way of it. The p95 of fewer than
${SAMPLES_MIN} is the longest of them: then it is not said whether it is what is wanted. A run in which one is longer is not well.

## Verdicts

${asMarkdown(verdictTable(outcome))}

## Faults

${asMarkdown(faultTable(outcome))}

## Whether the checker would notice

${asMarkdown(teethTable(bites))}

Each is made on purpose in the sources of a short run (\`npm run chaos -- --teeth\`): it must give that verdict.

## What this does not show

- Everything runs on one machine, whose processes and lines fail, not its hardware: no disk lies, and no page of memory is lost.
- Clients keep nothing beyond their process, and come over WebSockets alone: reloaded pages, tabs that share storage, and streams are what \`test/fuzz\` and \`test/journeys\` are for.
- Rooms are not opened, closed or archived meanwhile, their history is told whole, and nobody is a guest: those are in \`test/fuzz\`.
- Clients dial the nodes, without nginx: \`test/cluster\` has it, and a node that is killed or stopped behind it.
- Nobody is named in a message, so no job rings for one, and nobody's presence is judged: those are in \`server/test\` and \`test/fuzz\`.
- What an inbox shows in the end is judged, not what has rung on a screen on the way there: a change may tell again what was told before, and whether that rings once is for \`client/test\`.
- PostgreSQL has no standby.
- Of rows other than messages and notifications it is judged whether a change is missing, not what they say.
`
}

function verdictWords(outcome: Outcome, bites: Bite[]): string {
  const unnoticed = bites.filter(({ isCaught }) => !isCaught).map(({ plant }) => `The checker would not have noticed this: ${plant.name}.`)
  return [judgedWords(outcome), ...tooLong(outcome), ...unnoticed].join(' ')
}

function judgedWords({ missing, unrest, verdicts }: Outcome): string {
  const said = `${number(verdicts.length)} verdicts.`
  if (missing.length + unrest.length > 0) return `${said} Not everything came, or came to rest.`
  return verdicts.length > 0 ? said : 'nothing was lost, doubled, reordered, or told to anybody who may not see it.'
}
