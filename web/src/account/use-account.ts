import { createContext, useContext } from 'react'
import type { Belfry } from '@belfry/client/belfry.ts'
import type { User } from '@belfry/protocol/rows.ts'
import type { Session } from './session.ts'

export const SessionContext = createContext<Session | null>(null)

/** Who is signed in, and their line to the server. The screens below are made anew for every account. */
export interface Account {
  user: User
  belfry: Belfry
}

export const AccountContext = createContext<Account | null>(null)

export function useSession(): Session {
  return present(useContext(SessionContext), 'SessionContext')
}

export function useAccount(): Account {
  return present(useContext(AccountContext), 'AccountContext')
}

function present<T>(value: T | null, context: string): T {
  if (value === null) throw new Error(`Used outside ${context}`)
  return value
}
