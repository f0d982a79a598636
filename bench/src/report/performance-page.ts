import { contestants } from '#contestants.ts'
import { asMarkdown, type Table } from './table.ts'

/** What docs/performance.md is made of. */
interface Results {
  machine: string[]
  runs: number
  figures: Table
  scenarios: Table[]
}

export function performancePage({ machine, runs, figures, scenarios }: Results): string {
  return `# Performance

Written by \`npm run bench -- --write\`. Figures are medians of ${runs} runs, with the smallest and the largest in brackets; beside each stands the
command that makes it again. Measured on:

${list(machine)}

Server and load generator shared this machine, and the network was loopback: trust the comparisons, and of the absolute figures the magnitude.

## Belfry by itself

${asMarkdown(figures)}

Start: from the start of the process until the port accepts a connection, the web app being built already. Memory: resident memory of the whole
process while nothing happens. Another screen: from just before one socket sends until the other has received. JavaScript: the scripts that the page
loads by itself. Import: 153 logs of an IRC room by the command line, beside a server at which somebody posts one message after the other.
Pages: of a room as long as those logs, one after the other over HTTP. The room in Chromium: from the navigation until a
message is painted, by a browser that was in another room before, and by one that has nothing but the cookie; another room: from the click on its link, the longest of four. Scrolling: the wheel turned by 600 px every 16 ms until so many messages
have gone by; the heap after garbage was collected.

## Beside others

${scenarios.map((table) => `### ${table.title.replace(/\s+\((.+)\)$/, '\n\n`$1`')}\n\n${asMarkdown(table)}\n`).join('\n')}
\\* The load generator was busy for most of a core: the server may be able to do more.

${list(contestants.map(({ name, does }) => `**${name}** ${does}`))}

## How it is measured

- Every server is a process of its own, started afresh for each run; Belfry's data folder is a copy with signed-in people in it. The contestants take
  turns, in the other order every other time. A ratio compares two figures of the same round; then the median of the ratios is taken.
- Belfry runs as \`belfry serve\`, with its limits on people raised by settings. Each connection is another person's, signed in by a session.
- The load generator is a process with raw sockets. A message's text is 100 characters: who sent it, which of theirs it is, and when. A message is *in
  flight* until its last follower has it. Delays are taken at every receiver, and all of a run stand together before a percentile is taken.
- All that is received is checked: every follower gets every message exactly once, each sender's in order, Belfry's also numbered without a hole, and
  every post is acknowledged. Where anything is missing, the run fails, and with it the whole measurement.
- *Bytes each*: what a follower reads for one message. *Server µs each*: the server's processor time for one delivery. *Server CPU* and *generator CPU*: of one core; Belfry's includes its writer thread.
- \`npm run bench -- --quick\` shows within seconds that all of this works, and is one of the tests. It judges no speed.
`
}

function list(items: string[]): string {
  return items.map((item) => `- ${item}`).join('\n')
}
