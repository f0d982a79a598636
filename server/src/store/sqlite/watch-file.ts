import type { SqliteConnection } from './connection.ts'

/** Asking costs 2–5 µs. */
const LOOK_EVERY_MS = 250

/** Says when another process has committed to the file: the command line writes beside a running server [F4]. Answers how to stop. */
export function watchFile(connection: SqliteConnection, onMoved: () => void): () => void {
  let version = connection.dataVersion()
  const timer = setInterval(() => {
    const now = connection.dataVersion()
    if (now === version) return
    version = now
    onMoved()
  }, LOOK_EVERY_MS)
  return () => clearInterval(timer)
}
