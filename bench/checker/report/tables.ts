import { KINDS, type VerdictKind } from '#checker/judge/verdict.ts'
import type { Outcome } from '#checker/outcome.ts'
import type { Bite } from '#checker/teeth/bite.ts'
import { reached, timesOf } from '#checker/times.ts'
import { number } from '#report/numbers.ts'
import type { Table } from '#report/table.ts'
import { percentile } from '#statistics.ts'

/** What happened in a run. */
export function runTable({ lastedMs, clients, stored, tally, faults, ...outcome }: Outcome): Table {
  const times = Object.values(faults).reduce((sum, count) => sum + count, 0)
  const refusals = Object.entries(tally.refused).map(([code, count]) => `${code} ${number(count)}`)
  const rows = [
    ['minutes', number(lastedMs / 60_000)],
    ['clients', number(clients)],
    ['deliveries: messages and notifications told to clients', number(tally.deliveries)],
    ['commands acknowledged', number(tally.acknowledged)],
    ['commands refused', refusals.length > 0 ? refusals.join(', ') : '0'],
    ['messages stored', number(stored.messages)],
    ['notifications stored', number(stored.notifications)],
    ['faults made', number(times)],
    ['everybody came in the beginning', outcome.missing.length === 0 ? 'yes' : 'no'],
    ['everything came to rest in the end', outcome.unrest.length === 0 ? 'yes' : 'no'],
  ]
  return { title: 'What happened', head: ['', ''], rows }
}

/** How long things took, and how long they may. */
export function timeTable(outcome: Outcome): Table {
  const rows = timesOf(outcome).map((time) => [
    time.what,
    number(time.tookMs.length),
    ...[0.5, 0.95, 1].map((share) => (time.tookMs.length > 0 ? number(percentile(time.tookMs, share)) : '–')),
    time.p95MaxMs === null ? '' : `at most ${number(time.p95MaxMs)}`,
    reached(time) ?? '',
  ])
  return { title: 'How long it took', head: ['', 'times', 'p50 ms', 'p95 ms', 'longest ms', 'p95 wanted', 'reached'], rows }
}

/** What the judge says. */
export function verdictTable({ verdicts }: Outcome): Table {
  const kinds = Object.entries(KINDS) as [VerdictKind, string][]
  const rows = kinds.map(([kind, words]) => [`${kind}: ${words}`, number(verdicts.filter(({ is }) => is === kind).length)])
  return { title: 'Verdicts', head: ['', 'times'], rows }
}

/** How often each fault was made. */
export function faultTable({ faults }: Outcome): Table {
  return { title: 'Faults', head: ['', 'times'], rows: Object.entries(faults).map(([name, times]) => [name, number(times)]) }
}

/** Which mistakes are noticed. */
export function teethTable(bites: Bite[]): Table {
  const rows = bites.map(({ plant, verdicts, isCaught }) => [plant.name, plant.says, isCaught ? 'yes' : 'NO', said(verdicts)])
  return { title: 'Mistakes made on purpose', head: ['', 'verdict that it must give', 'given', 'all that were given'], rows }
}

function said(verdicts: Bite['verdicts']): string {
  if (verdicts === null) return 'the run failed'
  const some = Object.entries(verdicts).map(([kind, count]) => `${kind} ${number(count)}`)
  return some.length > 0 ? some.join(', ') : 'none'
}
