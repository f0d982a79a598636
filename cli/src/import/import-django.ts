import { onData } from '#data.ts'
import { bring, type Bringing } from './bring.ts'
import type { Named } from './django-tables.ts'
import { Progress } from '#progress.ts'
import { stopSignal } from '#stop-signal.ts'
import { goesOn } from './goes-on.ts'
import { readDjango } from './read-django.ts'
import { roomFor } from './room.ts'
import { watchedWrites } from './watched-writes.ts'

/** Brings what a Django chat project has in SQLite: everything is read before anything is opened, and then stored at once. */
export async function importDjango(path: string, options: Bringing & Named & { room?: string }): Promise<void> {
  using progress = new Progress()
  const stop = stopSignal()
  progress.say(`Reading ${path}…`)
  const reading = readDjango(path, options)
  await goesOn(stop)
  await onData(
    async (store) => bring(store, { ...reading, room: await roomFor(store, options.room) }, { ...options, progress }),
    watchedWrites(progress, stop),
  )
}
