import { expect, test } from 'vitest'
import { isWell, type Outcome } from '#checker/outcome.ts'
import { WHOLE } from '#checker/plan.ts'
import { reliabilityPage } from '#checker/report/reliability-page.ts'
import { timeTable } from '#checker/report/tables.ts'
import { plants } from '#checker/teeth/plants.ts'
import { SAMPLES_MIN, tooLong } from '#checker/times.ts'

const KILLED_NODE = 'from the SIGKILL of a node until its clients were live elsewhere'
const KILLED_REDIS = 'from when a Redis that was killed is there again until every node heard by way of it'

const ASKED = { minutes: 1, deliveries: 0, seed: 1, nodes: 2, write: true, teeth: false }

interface Took {
  nodes?: number
  node?: number[]
  redis?: number[]
  redisStill?: number[]
}

/** A run in which all is well but how long it took. */
function outcomeOf({ nodes = 2, node = [], redis = [], redisStill = [] }: Took): Outcome {
  return {
    plan: { ...WHOLE, seed: 1, nodes, minutes: 1, deliveries: 0 },
    missing: [],
    unrest: [],
    lastedMs: 60_000,
    faults: {},
    tally: { deliveries: 0, acknowledged: 0, refused: {} },
    clients: 1,
    stored: { messages: 0, notifications: 0 },
    backMs: { killed: node, stopped: [] },
    busBackMs: { killed: redis, stoodStill: redisStill },
    verdicts: [],
  }
}

/** Of so many times all but the last took this long. */
function times(count: number, ms: number, last: number): number[] {
  return [last, ...Array.from({ length: count - 1 }, () => ms)]
}

function reachedIn(outcome: Outcome): (string | undefined)[] {
  return timeTable(outcome).rows.map((row) => row.at(-1))
}

test('a run whose times are what is wanted is well, also where one of twenty is longer', () => {
  const outcome = outcomeOf({ node: times(20, 2_000, 9_000), redis: times(20, 1_000, 9_000) })
  expect([isWell(outcome), tooLong(outcome), reachedIn(outcome)]).toEqual([true, [], ['yes', '', 'yes', '']])
})

test('a run in which clients of a killed node are live elsewhere too late is not well, and says so', () => {
  const outcome = outcomeOf({ node: times(40, 2_001, 10) })
  expect(tooLong(outcome)).toEqual([`It took 2,001 ms (p95 of 40) ${KILLED_NODE}; 2,000 ms are the most that it is to take.`])
  expect([isWell(outcome), reachedIn(outcome)]).toEqual([false, ['no', '', 'too few to say', '']])
  expect(timeTable(outcome).rows[0]).toEqual([KILLED_NODE, '40', '2,001', '2,001', '2,001', 'at most 2,000', 'no'])
  expect(reliabilityPage({ asked: ASKED, outcome, bites: [], site: [] })).toContain(tooLong(outcome)[0])
})

test('a page says first of all which mistake would not have been noticed', () => {
  const [plant] = plants
  const page = (isCaught: boolean) =>
    reliabilityPage({ asked: ASKED, outcome: outcomeOf({}), bites: [{ plant: plant!, verdicts: {}, isCaught }], site: [] })
  const words = `may not see it. The checker would not have noticed this: ${plant!.name}.`
  expect(page(false)).toContain(words)
  expect(page(true)).not.toContain(words)
})

test('so is one in which nodes hear too late by way of a Redis that was killed; one that stood still is another row', () => {
  const outcome = outcomeOf({ redis: times(20, 1_001, 10), redisStill: times(20, 5_000, 10) })
  expect(tooLong(outcome)).toEqual([`It took 1,001 ms (p95 of 20) ${KILLED_REDIS}; 1,000 ms are the most that it is to take.`])
  expect([isWell(outcome), reachedIn(outcome)]).toEqual([false, ['too few to say', '', 'no', '']])
  expect(isWell(outcomeOf({ redisStill: times(20, 5_000, 10) }))).toBe(true)
})

test('too few times say nothing', () => {
  const outcome = outcomeOf({ node: times(SAMPLES_MIN - 1, 9_000, 9_000), redis: [9_000] })
  expect([isWell(outcome), reachedIn(outcome)]).toEqual([true, ['too few to say', '', 'too few to say', '']])
})

test('a node that stands alone has no other on which its clients could be live', () => {
  const outcome = outcomeOf({ nodes: 1, node: times(40, 9_000, 10) })
  expect([isWell(outcome), reachedIn(outcome)]).toEqual([true, ['', '', '', '']])
})
