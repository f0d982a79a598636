/** Lets this browser keep the shell, so that the page opens without a network. After all else: a first visit has better things to do. */
export function keepShell(): void {
  // Only where the connection is safe from listeners, and never while developing.
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return
  addEventListener('load', () => {
    // Without it, all else works; the next visit tries again.
    navigator.serviceWorker.register('/sw.js').catch(() => undefined)
  })
}
