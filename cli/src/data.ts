import { memoryBus } from '@belfry/server/bus/memory.ts'
import type { RedisBus } from '@belfry/server/bus/redis.ts'
import { writes } from '@belfry/server/commands.ts'
import { readConfig } from '@belfry/server/config.ts'
import { systemClock } from '@belfry/server/lib/clock.ts'
import { Refusal } from '@belfry/server/lib/refusal.ts'
import { openStore, type Store } from '@belfry/server/store/store.ts'

type Writes = typeof writes

/** Opens the data that the settings name, also beside a running server, and closes it again. `by`: what it is written by. */
export async function onData<T>(work: (store: Store) => Promise<T>, by: Writes = writes): Promise<T> {
  const { dataDir, databaseUrl, redisUrl } = readConfig(process.env)
  await using bus = redisUrl === null ? memoryBus() : await openBus(redisUrl)
  let failure = ''
  await using store = await openStore({
    folder: dataDir,
    databaseUrl,
    writes: by,
    clock: systemClock,
    // A server beside us sees the commit in the file, without a bus.
    onAnnouncements: (announcements) => bus.publish(announcements),
    onFailure: (text) => (failure = text),
  })
  try {
    return await work(store)
  } catch (error) {
    if (failure && error instanceof Refusal && error.body.code === 'internal') throw new Error(failure, { cause: error })
    throw error
  }
}

/** What cannot be told to the nodes they find in the database before long. */
async function openBus(url: string): Promise<RedisBus> {
  const { RedisBus } = await import('@belfry/server/bus/redis.ts')
  const bus = new RedisBus({ url, warn() {} })
  await bus.opens()
  return bus
}

/** Runs a write as the operator: whoever can read the data folder. */
export function operate<Name extends keyof Writes>(
  store: Store,
  name: Name,
  input: Parameters<Writes[Name]['one']>[1]['input'],
): Promise<Awaited<ReturnType<Writes[Name]['one']>>> {
  return store.write({ name, input, actor: { is: 'operator' } })
}
