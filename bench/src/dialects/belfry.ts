import type { Change } from '@belfry/protocol/down.ts'
import { downFrameIn } from '@belfry/protocol/down-text.ts'
import { GENERAL_ROOM, roomTopic } from '@belfry/protocol/topics.ts'
import type { Position, UpFrame } from '@belfry/protocol/up.ts'
import { uuidv7 } from '@belfry/protocol/uuid.ts'
import { PROTOCOL_VERSION } from '@belfry/protocol/version.ts'
import type { RawSocket } from '#load/raw-socket.ts'
import type { Dialect } from './dialect.ts'

export const belfry: Dialect = {
  path: '/api/v1/socket',
  enter: async (socket, { token, room }) => void (await follow(socket, { token, positions: [], watched: watchedBy(room) })),
  follow: async (socket, { token, room }) =>
    void (await follow(socket, { token, positions: [[roomTopic(room)]], watched: watchedBy(room) })),
  post: (id, { room, body }) => frame({ t: 'call', id, name: 'message.post', input: { roomId: room, id: newId(), body } }),
  acknowledged,
  roomReader,
}

/** General, where everyone is, and the room itself. */
function watchedBy(room: string): number {
  return room === GENERAL_ROOM ? 1 : 2
}

/** As whom, from which positions. `watched`: in how many rooms they are; General alone, when it is left out. `missed` hears what came meanwhile. */
interface Following {
  token: string
  positions: Position[]
  watched?: number
  missed?(change: Change): void
}

/**
 * Signs in and follows from these positions. One's own topic is always followed as well, and the rooms in which one is are watched: when each
 * has said where it begins, nothing more comes by itself. Answers how far it has come with each.
 */
export async function follow(socket: RawSocket, { token, positions, watched = 1, missed }: Following): Promise<Position[]> {
  const own = positions.filter(([topic]) => topic.startsWith('user:'))
  const reached: Position[] = []
  let bumps = 0
  const allLive = socket.heard((text) => {
    const told = downFrameIn(text)
    if (told.t === 'unfollowed') throw new Error(`Belfry does not let it follow: ${text}`)
    if (told.t === 'live') reached.push([told.topic, told.epoch, told.seq])
    if (told.t === 'bump') bumps += 1
    if (told.t === 'change') missed?.(told)
    return bumps >= watched && reached.length === positions.length - own.length + 1
  })
  socket.send(frame({ t: 'hello', v: PROTOCOL_VERSION, token, positions }))
  await allLive
  return reached
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
function roomReader(room: string): (text: string) => string[] {
  const topic = roomTopic(room)
  let seq: number | null = null
  let n: number | null = null
  return (text) => {
    if (UNASKED.test(text)) return []
    const change = downFrameIn(text) as Change
    if (change.t !== 'change' || change.topic !== topic) throw new Error(`A follower was told something else: ${text.slice(0, 200)}`)
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
