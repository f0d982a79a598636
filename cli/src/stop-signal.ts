/** npm passes on a Ctrl+C that the terminal has delivered to us already: what follows so soon is the same one. */
const SAME_PRESS_MS = 500
const INTERRUPTED = 130

/** Aborted by the first SIGINT or SIGTERM. A second SIGINT ends the process at once. */
export function stopSignal(): AbortSignal {
  const stop = new AbortController()
  let firstAt = 0
  process.on('SIGTERM', () => stop.abort())
  process.on('SIGINT', () => {
    if (!stop.signal.aborted) firstAt = performance.now()
    else if (performance.now() - firstAt > SAME_PRESS_MS) process.exit(INTERRUPTED)
    stop.abort()
  })
  return stop.signal
}
