import { expect, test } from 'vitest'
import type { ConnectionState } from '@belfry/client/belfry.ts'
import { source } from '@belfry/client/observable.ts'
import { settled } from '#account/use-call.ts'

test.each(['online', 'waiting', 'ended'] as const)('a form is sent at once when the connection is %s', async (is) => {
  await settled(source({ is } as ConnectionState))
})

test('a form of a page that has just been opened waits until the first attempt to connect is over', async () => {
  for (const end of ['online', 'waiting'] as const) {
    const connection = source<ConnectionState>({ is: 'connecting' })
    let isSettled = false
    const waiting = settled(connection).then(() => (isSettled = true))
    connection.set({ is: 'reconnecting' })
    await Promise.resolve()
    expect(isSettled).toBe(false)
    connection.set({ is: end } as ConnectionState)
    await waiting
  }
})
