import { createContext, type ReactNode, useContext } from 'react'
import type { ConnectionState } from '@belfry/client/belfry.ts'
import { useObservable } from '#account/observe.ts'
import { useAccount } from '#account/use-account.ts'
import { useNow } from '#theme/use-now.ts'
import { ConnectionAnnouncer } from './connection-announcer.tsx'
import { type ConnectionWords, connectionWords } from './connection-words.ts'
import { useLastOnline } from './use-last-online.ts'
import { useLasting } from './use-lasting.ts'

const SHOWN_AFTER_MS = 1_000

const TroubleContext = createContext<ConnectionWords | null>(null)

/** What is to be said about the connection, on whatever page one is; null while all is well. */
export function useTrouble(): ConnectionWords | null {
  return useContext(TroubleContext)
}

/** Watches the connection for all pages: going from one to another neither hides the trouble nor tells it again. */
export function ConnectionWatch({ children }: { children: ReactNode }) {
  const state = useObservable(useAccount().belfry.connection)
  const words = useWords(state)
  // Most losses are over before they matter.
  const isLasting = useLasting(words !== null, state.is === 'ended' ? 0 : SHOWN_AFTER_MS)
  const shown = isLasting ? words : null
  return (
    <TroubleContext value={shown}>
      {children}
      <ConnectionAnnouncer words={shown} />
    </TroubleContext>
  )
}

function useWords(state: ConnectionState): ConnectionWords | null {
  const unsent = useObservable(useAccount().belfry.unsent)
  const now = useNow(state.is === 'waiting' ? 500 : null)
  return connectionWords(state, { unsent, now, since: useLastOnline() })
}
