import { belfryContestant } from './contestants/belfry.ts'
import { bunPublish } from './contestants/bun.ts'
import type { Contestant } from './contestants/contestant.ts'
import { django } from './contestants/django.ts'
import { least } from './contestants/least.ts'
import { socketIo, socketIoOverRedis } from './contestants/socket-io.ts'
import { wsLoop } from './contestants/ws-loop.ts'

/** Those that this machine has, Belfry first: the others are compared with it. `say` hears of the rest. */
export function contestantsHere(say: (line: string) => void): Contestant[] {
  const all = [belfryContestant, least, wsLoop, bunPublish(), socketIo, socketIoOverRedis(), ...django()]
  return all.filter((one): one is Contestant => {
    if ('start' in one) return true
    say(`${one.name} is left out: it needs ${one.needs}.`)
    return false
  })
}
