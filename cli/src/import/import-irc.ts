import { onData } from '#data.ts'
import { bring, type Bringing } from './bring.ts'
import { Progress } from '#progress.ts'
import { stopSignal } from '#stop-signal.ts'
import { goesOn } from './goes-on.ts'
import { ircHistory, readIrcDays } from './read-irc.ts'
import { roomFor } from './room.ts'
import { watchedWrites } from './watched-writes.ts'

/** Brings logs of an IRC room: everything is read before anything is opened, and then stored at once. */
export async function importIrc(files: string[], options: Bringing & { room: string }): Promise<void> {
  using progress = new Progress()
  const stop = stopSignal()
  const days = await readIrcDays(files, async (read) => {
    progress.say(`Reading file ${read + 1} of ${files.length}…`)
    await goesOn(stop)
  })
  await onData(
    async (store) => {
      const room = await roomFor(store, options.room)
      progress.say('Putting it in order…')
      await bring(store, { ...ircHistory(days, room.id), room }, { ...options, progress })
    },
    watchedWrites(progress, stop),
  )
}
