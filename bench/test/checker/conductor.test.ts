import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Conductor } from '#checker/conductor.ts'
import { WHOLE } from '#checker/plan.ts'
import type { Site, SiteFault } from '#checker/sites/site.ts'
import { Dice } from '#dice.ts'

/** So much time has passed each time that somebody looks. */
const STEP_MS = 500
const AT_ONCE = { ...WHOLE.faults, everyMs: 1, lastMs: 1 }

/** A node that says this of its bus. */
let bus: 'ok' | 'silent'
const node = createServer((_request, response) => response.end(JSON.stringify({ bus })))
let clock: number
beforeEach(async () => {
  clock = 0
  await new Promise<void>((resolve) => node.listen(0, '127.0.0.1', resolve))
})
afterEach(() => new Promise((resolve) => void node.close(resolve)))

function conductorOf(...faults: SiteFault[]): Conductor {
  const site = { nodes: [{ url: `http://127.0.0.1:${(node.address() as AddressInfo).port}` }] } as unknown as Site
  return new Conductor(site, { faults, dice: new Dice(1), now: () => (clock += STEP_MS), only: null })
}

function fault(name: string, heals = () => {}): SiteFault {
  return { name, timesMax: 1, begin: async () => async () => heals() }
}

test('what Redis needs to come back is told apart by whether it was killed or stood still', async () => {
  bus = 'ok'
  const conductor = conductorOf(fault('Redis is killed'), fault('Redis stands still'), fault('Redis is killed after the answer'))
  await conductor.conducts(AT_ONCE, new AbortController().signal)
  expect([conductor.busBackMs.killed.length, conductor.busBackMs.stoodStill.length, conductor.unrest]).toEqual([2, 1, []])
})

test('a bus that does not come back counts', async () => {
  bus = 'silent'
  const conductor = conductorOf(fault('Redis is killed'))
  await conductor.conducts(AT_ONCE, new AbortController().signal)
  expect(conductor.busBackMs).toEqual({ killed: [], stoodStill: [] })
  expect(conductor.unrest).toEqual(['Redis is killed: 30 s after its return not every node heard by way of it'])
})

test('who has lost a node belongs to its end, also when another node has ended before they are back', async () => {
  let lostMs = 0
  const noted = () => (lostMs ||= clock)
  const conductor = conductorOf(fault('a node is killed', noted), fault('a node is killed after the answer', noted))
  await conductor.conducts(AT_ONCE, new AbortController().signal)
  expect(conductor.endAt(lostMs)).toBe('killed')
  expect([conductor.endAt(0), conductor.endAt(clock + 60_000)]).toEqual([null, null])
})

test('a node that was to be killed and was not has no end', async () => {
  const conductor = conductorOf({
    name: 'a node is killed in the middle of a batch',
    timesMax: 1,
    begin: () => Promise.reject(new Error('Nothing was written.')),
  })
  await conductor.conducts(AT_ONCE, new AbortController().signal)
  expect(conductor.endAt(STEP_MS)).toBe(null)
})
