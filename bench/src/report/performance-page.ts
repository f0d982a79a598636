import type { Contestant } from '#contestants/contestant.ts'
import { CORES } from '#cores.ts'
import type { Figure } from '#figures/figure.ts'
import type { Compared } from '#measure.ts'
import { ABOUT_FIGURES } from './about-figures.ts'
import { plotsOf } from './plots.ts'
import { asMarkdown } from './table.ts'
import { figuresTable, scenarioTable } from './tables.ts'
import { targetsTable } from './targets.ts'

/** What docs/performance.md is made of. */
export interface Results {
  machine: string[]
  runs: number
  runsOfOthers: number
  figures: Figure[]
  contestants: Contestant[]
  compared: Compared[]
}

export function performancePage({ machine, runs, runsOfOthers, figures, contestants, compared }: Results): string {
  return `# Performance

Written by \`npm run bench -- --write\`. Figures are medians of ${runs} runs, with the smallest and the largest in brackets; those of the largest crowds, of
one, ten and a thousand senders, and of connections that are cut off, are of ${runsOfOthers}. Beside each stands the command that makes it again. Measured on:

${list(machine)}

Server and load generator shared this machine, and the network was loopback. ${coresUsed()} Trust the
comparisons, and of the absolute figures the magnitude.

## Belfry by itself

${asMarkdown(figuresTable(figures))}

${ABOUT_FIGURES}

## What is aimed at

${asMarkdown(targetsTable(compared, figures))}

Where ws and Bun, who pass on what they get and do nothing else, do not reach a ratio either, what bounds it is this machine more than Belfry: each
message that goes to people of its own costs a \`write\` for each of them, whatever the server does besides.

With 256 messages in flight two nodes take more processor time for a delivery than with one message at a time: each of the two gathers fewer messages
into a batch and into a write, so that each follower is written to more often.

## Beside others

${plotsOf(compared)
  .map(({ name, title }) => `![${title}](plots/${name}.svg)`)
  .join('\n\n')}

${compared
  .map(scenarioTable)
  .map((table) => `### ${table.title.replace(/\s+\((.+)\)$/, '\n\n`$1`')}\n\n${asMarkdown(table)}\n`)
  .join('\n')}
\\* The load generator was busy for most of a core: the server may be able to do more. † Six seconds after the last message some of those
in flight had not reached everybody yet, or were not acknowledged, and were not waited for; what had arrived was right.

${list(contestants.map(({ name, does }) => `**${name}** ${does}`))}

## How it is measured

- Every server is a process of its own, started afresh for each run; Belfry's data folder is a copy with signed-in people in it. The contestants take
  turns, in the other order every other time. A ratio compares two figures of the same round; then the median of the ratios is taken.
- Belfry runs as \`belfry serve\`, with its limits on people raised by settings. Each connection is another person's, signed in by a session.
- The load generator is one process with raw sockets, each person's from another address of the loopback. A message's text is 100 characters: who sent
  it, which of theirs it is, and when. A message is *in flight* until its last follower has it. Delays are taken at every receiver, and all of a run stand together before a percentile is taken.
- All that is received is checked: every follower gets every message exactly once, each sender's in order, Belfry's also numbered without a hole, and
  every post is acknowledged. Where anything is missing, the run fails, and with it the whole measurement; but where † stands, for which see there. A run of Belfry's is never one of those. After lost connections what is missing is counted, as said above.
- What was stored together Belfry tells in one frame; the others send a frame for each message, as they do by default.
- *Bytes each*: what a follower reads for one message. *Server µs each*: the server's processor time for one delivery, and what of it passed in the kernel: mostly in one write for each. *Server CPU* and *generator CPU*: of one core; Belfry's includes its writer thread.
- \`npm run bench -- --quick\` shows within seconds that all of this works, and is one of the tests. It judges no speed.
`
}

function coresUsed(): string {
  if (!CORES) return 'They also shared its cores.'
  return `Beside others, servers ran on core ${CORES.servers} alone and the generator on core ${CORES.generator}.`
}

function list(items: string[]): string {
  return items.map((item) => `- ${item}`).join('\n')
}
