import { useLocation } from 'wouter'
import { isRoomsPath } from '#account/paths.ts'
import { usePhone } from '#theme/media.ts'

/** On a phone the list of rooms lies over the page: nobody sees what is there. */
export function useIsCovered(): boolean {
  const [path] = useLocation()
  return usePhone() && isRoomsPath(path)
}
