import { setTimeout as sleep } from 'node:timers/promises'
import { RedisBus } from '@belfry/server/bus/redis.ts'
import { isDistrust } from '@belfry/server/store/postgres/trouble.ts'
import { bad, type Finding, good, OWN_AUTHORITY, reasonOf } from './finding.ts'

const HEARS_WITHIN_MS = 3_000
const LOOK_EVERY_MS = 5

/** Whether what is said through Redis comes back, as a node finds out. */
export async function lookAtBus(url: string): Promise<Finding> {
  await using bus = new RedisBus({ url, warn() {} })
  const began = performance.now()
  while (!bus.isAlive && performance.now() - began < HEARS_WITHIN_MS) await sleep(LOOK_EVERY_MS)
  if (bus.isAlive) return good('Redis', `What is said there is heard; the first time after ${Math.round(performance.now() - began)} ms.`)
  return bad('Redis', `Nothing that is said there is heard${inBrackets(bus.failure)}. ${whatToDo(url, bus.failure)}`)
}

function inBrackets(failure: Error | undefined): string {
  const reason = failure ? reasonOf(failure) : ''
  return reason && ` (${reason})`
}

/** A Redis without TLS does not even answer whoever asks for it. */
function whatToDo(url: string, failure: unknown): string {
  if (isDistrust(failure)) return OWN_AUTHORITY
  return `Look whether it runs${new URL(url).protocol === 'rediss:' ? ' and speaks TLS' : ''}, and at REDIS_URL and its password.`
}
