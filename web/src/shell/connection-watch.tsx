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

/** What came while the connection was away comes within so long of its return: nobody has seen it come. */
const CATCHES_UP_WITHIN_MS = 1_000

const TroubleContext = createContext<ConnectionWords | null>(null)
const CaughtUpContext = createContext(false)

/** What is to be said about the connection, on whatever page one is; null while all is well. */
export function useTrouble(): ConnectionWords | null {
  return useContext(TroubleContext)
}

/** Whether there is a connection, and all that came while there was none is here. */
export function useHasCaughtUp(): boolean {
  return useContext(CaughtUpContext)
}

/** Watches the connection for all pages: going from one to another neither hides the trouble nor tells it again. */
export function ConnectionWatch({ children }: { children: ReactNode }) {
  const state = useObservable(useAccount().belfry.connection)
  const words = useWords(state)
  // Most losses are over before they matter.
  const isLasting = useLasting(words !== null, state.is === 'ended' ? 0 : SHOWN_AFTER_MS)
  const shown = isLasting ? words : null
  const hasCaughtUp = useLasting(state.is === 'online', CATCHES_UP_WITHIN_MS)
  return (
    <CaughtUpContext value={hasCaughtUp}>
      <TroubleContext value={shown}>
        {children}
        <ConnectionAnnouncer words={shown} />
      </TroubleContext>
    </CaughtUpContext>
  )
}

function useWords(state: ConnectionState): ConnectionWords | null {
  const unsent = useObservable(useAccount().belfry.unsent)
  const now = useNow(state.is === 'waiting' ? 500 : null)
  return connectionWords(state, { unsent, now, since: useLastOnline() })
}
