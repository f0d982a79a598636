import { useEffect, useState } from 'react'
import { type WorkspaceInfo, workspaceInfo } from '@belfry/client/sign-in.ts'

/** What the server says of itself to strangers; null when it did not: the page does without. */
export function useWorkspaceInfo(): { is: 'asking' } | { is: 'answered'; info: WorkspaceInfo | null } {
  const [state, setState] = useState<ReturnType<typeof useWorkspaceInfo>>({ is: 'asking' })
  useEffect(() => {
    let isWanted = true
    workspaceInfo(location.origin).then(
      (info) => isWanted && setState({ is: 'answered', info }),
      () => isWanted && setState({ is: 'answered', info: null }),
    )
    return () => void (isWanted = false)
  }, [])
  return state
}
