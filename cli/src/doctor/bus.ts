import { setTimeout as sleep } from 'node:timers/promises'
import { RedisBus } from '@belfry/server/bus/redis.ts'
import { bad, type Finding, good, reasonOf } from './finding.ts'

const HEARS_WITHIN_MS = 3_000
const LOOK_EVERY_MS = 5

/** Whether what is said through Redis comes back, as a node finds out. */
export async function lookAtBus(url: string): Promise<Finding> {
  let failure = ''
  await using bus = new RedisBus({ url, warn: (text, error) => (failure = error ? reasonOf(error) : text) })
  const began = performance.now()
  while (!bus.isAlive && performance.now() - began < HEARS_WITHIN_MS) await sleep(LOOK_EVERY_MS)
  if (bus.isAlive) return good('Redis', `What is said there is heard; the first time after ${Math.round(performance.now() - began)} ms.`)
  return bad(
    'Redis',
    `Nothing that is said there is heard${failure && ` (${failure})`}. Look whether it runs, and at REDIS_URL and its password.`,
  )
}
