import type { Change, DownFrame } from '@belfry/protocol/down.ts'
import { GENERAL_ROOM, roomTopic } from '@belfry/protocol/topics.ts'
import type { UpFrame } from '@belfry/protocol/up.ts'
import { uuidv7 } from '@belfry/protocol/uuid.ts'
import { PROTOCOL_VERSION } from '@belfry/protocol/version.ts'
import type { RawSocket } from '#load/raw-socket.ts'
import type { Dialect } from './dialect.ts'

const ROOM = roomTopic(GENERAL_ROOM)

export const belfry: Dialect = {
  path: '/api/v1/socket',
  enter: (socket, token) => greet(socket, { token, topics: [] }),
  follow: (socket, token) => greet(socket, { token, topics: [ROOM] }),
  post: (id, body) => frame({ t: 'call', id, name: 'message.post', input: { roomId: GENERAL_ROOM, id: newId(), body } }),
  acknowledged,
  roomReader,
}

/** One's own topic is always followed as well, and General, where everyone is, is watched: when each has said where it begins, nothing more comes by itself. */
async function greet(socket: RawSocket, { token, topics }: { token: string; topics: string[] }): Promise<void> {
  let begun = 0
  const allLive = socket.heard((text) => {
    const { t } = JSON.parse(text) as DownFrame
    if (t === 'unfollowed') throw new Error(`Belfry does not let it follow: ${text}`)
    if (t === 'live' || t === 'bump') begun += 1
    return begun === topics.length + 2
  })
  const positions = topics.map((topic): [string] => [topic])
  socket.send(frame({ t: 'hello', v: PROTOCOL_VERSION, token, positions }))
  await allLive
}

function frame(up: UpFrame): string {
  return JSON.stringify(up)
}

const UNASKED = /^\{"t":"(?:bump|signal)",/
const ANSWERED = /^\{"t":"reply","id":(\d+),"result":/

/** The row that comes with it is not looked at: the followers' stream says what was stored. */
function acknowledged(text: string): number | null {
  // Who follows nothing is told in short now and then; hints come to anybody.
  if (UNASKED.test(text)) return null
  const match = ANSWERED.exec(text)
  if (!match) throw new Error(`Belfry refused: ${text}`)
  return Number(match[1])
}

/** Changes follow each other without a gap, and so do the messages' numbers. */
function roomReader(): (text: string) => string[] {
  let seq: number | null = null
  let n: number | null = null
  return (text) => {
    if (UNASKED.test(text)) return []
    const change = JSON.parse(text) as Change
    if (change.t !== 'change' || change.topic !== ROOM) throw new Error(`A follower was told something else: ${text.slice(0, 200)}`)
    if (seq !== null && change.prev !== seq && !change.part?.[0]) throw new Error(`After seq ${seq} came a change from ${change.prev}.`)
    seq = change.seq
    const messages = change.rows.message ?? []
    for (const message of messages) {
      if (n !== null && message.n !== n + 1) throw new Error(`After message ${n} of the room came ${message.n}.`)
      n = message.n
    }
    return messages.map((message) => message.body)
  }
}

const COUNTED_DIGITS = 12
let base = uuidv7()
let counted = 0

/** A UUIDv7 for the price of a counter: making real ones would cost the generator more than sending them. */
function newId(): string {
  counted += 1
  if (counted % 1_000_000 === 0) base = uuidv7()
  return base.slice(0, -COUNTED_DIGITS) + String(counted).padStart(COUNTED_DIGITS, '0')
}
