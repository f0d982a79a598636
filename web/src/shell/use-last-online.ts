import { useEffect, useRef, useState } from 'react'
import { kept, keptKey } from '#account/kept.ts'
import { useObservable } from '#account/observe.ts'
import { useAccount } from '#account/use-account.ts'

/** When this browser last had the server, on this page or an earlier one; null while it has it, or where that is not known. */
export function useLastOnline(): number | null {
  const { user, belfry } = useAccount()
  const key = keptKey(user.id, 'online-until')
  const { is } = useObservable(belfry.connection)
  const [until, setUntil] = useState(() => Number(kept.get(key)) || null)
  const wasOnline = useRef(is === 'online')

  useEffect(() => {
    const note = () => kept.set(key, String(Date.now()))
    if (is === 'online') {
      wasOnline.current = true
      addEventListener('pagehide', note)
    } else if (wasOnline.current && is !== 'ended') {
      wasOnline.current = false
      note()
      setUntil(Date.now())
    }
    return () => removeEventListener('pagehide', note)
  }, [is, key])

  return is === 'online' ? null : until
}
