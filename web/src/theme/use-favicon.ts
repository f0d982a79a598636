import { useEffect } from 'react'

/** The icon in the browser's tab. */
export function useFavicon(path: string): void {
  useEffect(() => {
    document.querySelector('link[rel=icon]')?.setAttribute('href', path)
  }, [path])
}
