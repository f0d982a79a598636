import { alone, type Contestant, KEEPS_NOTHING, startPeer } from './contestant.ts'
import { versionOf } from './version.ts'

export const wsLoop: Contestant = {
  is: 'ws',
  name: `ws ${versionOf('ws')} in a loop`,
  dialect: 'ws-loop',
  does: `${KEEPS_NOTHING}. Frames the message once, then sends it to each.`,
  plays: () => true,
  start: () => alone(startPeer('ws-loop.ts')),
}
