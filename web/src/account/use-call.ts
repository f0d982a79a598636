import { useCallback } from 'react'
import type { ConnectionState } from '@belfry/client/belfry.ts'
import type { Observable } from '@belfry/client/observable.ts'
import type { CommandName, Input, Result } from '@belfry/protocol/commands.ts'
import { useAccount } from './use-account.ts'

/** Runs a command at the server for a form: a page that has just been opened first connects. */
export function useCall() {
  const { belfry } = useAccount()
  return useCallback(
    async <N extends CommandName>(name: N, input: Input<N>): Promise<Result<N>> => {
      await settled(belfry.connection)
      return belfry.call(name, input)
    },
    [belfry],
  )
}

/** Resolves as soon as it is known whether there is a connection: an attempt that is under way is waited for. */
export function settled(connection: Observable<ConnectionState>): Promise<void> {
  const isTrying = () => ['connecting', 'reconnecting'].includes(connection.get().is)
  if (!isTrying()) return Promise.resolve()
  return new Promise((resolve) => {
    const stop = connection.subscribe(() => {
      if (isTrying()) return
      stop()
      resolve()
    })
  })
}
