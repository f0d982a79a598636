import { useState } from 'react'
import { useLocation } from 'wouter'
import { isRoomsPath } from '#account/paths.ts'
import { usePhone } from '#theme/media.ts'

/** On a phone the list of rooms lies over the page: nobody sees what is there. */
export function useIsCovered(): boolean {
  const [path] = useLocation()
  return usePhone() && isRoomsPath(path)
}

/** Grows whenever somebody comes to the page out of the list that covered it: for them it begins then. What a turned phone or a widened window uncovers goes on. */
export function useComings(): number {
  const [path] = useLocation()
  const isCovered = useIsCovered()
  const [{ comings, wasCovered }, set] = useState({ comings: 0, wasCovered: isCovered })
  if (isCovered !== wasCovered) set({ comings: isCovered || isRoomsPath(path) ? comings : comings + 1, wasCovered: isCovered })
  return comings
}
