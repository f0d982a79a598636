import { expect, test } from 'vitest'
import type { Figure } from '#figures/figure.ts'
import { losses } from '#figures/losses.ts'
import { nodeFigures } from '#figures/nodes.ts'
import type { JobResult } from '#load/job.ts'
import type { Compared } from '#measure.ts'
import { targetsTable } from '#report/targets.ts'

/** Belfry and another, a figure a run each. */
function resultOf(ours: number[], others: number[], ofWs?: number[]): Compared {
  const contestant = { dialect: 'ws-loop', does: '', plays: () => true, start: () => Promise.reject() } as const
  const runs = (figures: number[]) => figures.map((aSecond) => ({ figures: { aSecond } }) as unknown as JobResult)
  return {
    scenario: {
      part: 'acknowledged',
      title: '100 senders',
      runs: ours.length,
      contestants: [],
      rooms: 1,
      followers: 1,
      senders: 100,
      shape: { is: 'acknowledged', warmUpMs: 0, measureMs: 0 },
    },
    measured: [
      { contestant: { ...contestant, is: 'belfry', name: 'Belfry' }, runs: runs(ours) },
      { contestant: { ...contestant, is: 'django', name: 'Django' }, runs: runs(others) },
      ...(ofWs ? [{ contestant: { ...contestant, is: 'ws' as const, name: 'ws' }, runs: runs(ofWs) }] : []),
    ],
  }
}

test('a target is reached by the median of the ratios, each of one round', () => {
  expect(targetsTable([resultOf([600, 1_000, 100], [10, 10, 10])], []).rows).toEqual([
    ['100 senders: acknowledged/s', 'Django', 'at least 60', '60 (10–100)', 'yes', '–, –, –'],
  ])
  expect(targetsTable([resultOf([600, 1_000, 100], [11, 10, 10])], []).rows[0]!.at(-2)).toBe('no')
})

test('beside a target stands what those reach that do nothing else', () => {
  expect(targetsTable([resultOf([200], [10], [300])], []).rows).toEqual([
    ['100 senders: acknowledged/s', 'Django', 'at least 60', '20', 'no', '30, –, –'],
  ])
})

test('what was not measured is no row', () => {
  expect(targetsTable([], []).rows).toEqual([])
})

test('what Belfry by itself is held to is a row, by its whole name', () => {
  const figure = (what: string, median: number, atMost: number | null): Figure => {
    return { what, unit: 'ms', spread: { median, min: median, max: median }, atMost, part: 'deploy' }
  }
  expect(targetsTable([], [figure('All are back, p50', 300, null), figure('… and p95', 2_001, 2_000)]).rows).toEqual([
    ['All are back, p50 … and p95', '', 'at most 2,000 ms', '2,001 ms', 'no', ''],
  ])
  expect(targetsTable([], [figure('All are back, p95', 2_000, 2_000)]).rows[0]!.at(-2)).toBe('yes')
})

test('what was lost in one run of several is counted, and the target is not reached', () => {
  const runs = [0, 3, 0].map((notDelivered) => ({ tookMs: [], notDelivered, gaveUp: 0, turnedAway: 0 }))
  expect(targetsTable([], losses('Cut off', runs, 'jitter')).rows).toEqual([
    ['Cut off: not delivered', '', 'at most 0 deliveries', '3 deliveries', 'no', ''],
    ['Cut off: gave up', '', 'at most 0 people', '0 people', 'yes', ''],
  ])
})

test('two nodes are held to the same beside one, however many messages are in flight', () => {
  const [single, saturated, saturatedRooms] = [0.99, 1.49, 1.1].map((ratio) => [{ one: 2, two: 2 * ratio }])
  const { rows } = targetsTable(
    [],
    nodeFigures({ back: [1], signedOut: [1], single: single!, saturated: saturated!, saturatedRooms: saturatedRooms! }),
  )
  expect(rows.filter(([what]) => what!.includes('two nodes'))).toEqual([
    ['Processor time for a delivery, messages one by one: one node … two nodes ÷ one', '', 'at most 1.15 ×', '0.99 ×', 'yes', ''],
    ['Processor time for a delivery, 256 messages in flight: one node … two nodes ÷ one', '', 'at most 1.15 ×', '1.49 ×', 'no', ''],
    [
      'Processor time for a delivery, 256 messages in flight in 99 rooms: one node … two nodes ÷ one',
      '',
      'at most 1.15 ×',
      '1.10 ×',
      'yes',
      '',
    ],
  ])
})
