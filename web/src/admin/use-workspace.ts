import { useState } from 'react'
import type { Input } from '@belfry/protocol/commands.ts'
import type { Workspace } from '@belfry/protocol/rows.ts'
import { useObservable } from '#account/observe.ts'
import { useAccount } from '#account/use-account.ts'
import { useCall } from '#account/use-call.ts'

/** The workspace as it is now, also right after it was changed here. */
export function useWorkspace() {
  const { belfry } = useAccount()
  const call = useCall()
  const told = useObservable(belfry.workspace)
  const [saved, setSaved] = useState<Workspace | null>(null)
  return {
    workspace: told && saved && saved.changed > told.changed ? saved : told,
    save: async (change: Input<'workspace.update'>) => setSaved(await call('workspace.update', change)),
  }
}
