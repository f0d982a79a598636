import { join } from 'node:path'
import { UNREAD_MAX } from '@belfry/protocol/limits.ts'
import { Visitor } from '#load/visitor.ts'
import type { Workshop } from '#measure.ts'
import { startNode } from '#programs/belfry-server.ts'
import type { LocalProgram } from '#programs/local-program.ts'
import { type LongRoom, makeLongRoom, messageId } from '#programs/long-room.ts'
import { freePort } from '#programs/program.ts'
import { inWords } from '#scenarios.ts'
import { spread } from '#statistics.ts'
import { type As, ask, askForPage, msOf } from './ask.ts'
import type { Figure } from './figure.ts'

const RATIO_MAX = 1.3
const AUTHORS = 1_000
/** General, and the long one. */
const ROOMS = 2
const MESSAGES_IN_SNAPSHOT = 50

/** Whoever is at a server with a room of some length. */
interface There extends Disposable {
  room: LongRoom
  as: As
  visitor: Visitor
}

/** Something that is asked of either; `at`: for which time. */
type Act = (there: There, at: number) => Promise<void>

const ACTS: [what: string, act: Act][] = [
  ['A page around any message', ({ as, room }, at) => askForPage(as, room.id, `around=${anyMessage(room, at)}&limit=100`)],
  ['The room is opened', openRoom],
  ['The list of rooms with what is unread', listRooms],
]

/** What takes longer in a longer room: two servers, whose rooms differ in their length alone, are asked in turns. */
export async function lengths(runs: number, workshop: Workshop): Promise<Figure[]> {
  const { short, long, asked } = workshop.plan.lengths
  await using shorter = await startWith(short, workshop)
  await using longer = await startWith(long, workshop)
  const token = workshop.people.tokens[0]!
  using atShorter = await come(shorter, { messages: short, token })
  using atLonger = await come(longer, { messages: long, token })
  const pair: Pair = [atShorter, atLonger]
  const took = ACTS.map(() => [] as [number, number][])
  for (let run = 0; run < runs; run++) {
    workshop.progress(`A room and a longer one: run ${run + 1} of ${runs}`)
    for (const [at, [, act]] of ACTS.entries()) took[at]!.push(await mediansOf(act, pair, asked))
  }
  return ACTS.flatMap(([what], at) => figuresOf(what, took[at]!, { short, long }))
}

type Pair = [There, There]

function figuresOf(what: string, took: [number, number][], { short, long }: { short: number; long: number }): Figure[] {
  const over = (pick: (one: [number, number]) => number) => spread(took.map(pick))
  const same = { unit: 'ms', atMost: null, part: 'lengths' } as const
  return [
    { ...same, what: `${what}, ${inWords(short)} messages`, spread: over(([ofShort]) => ofShort) },
    { ...same, what: `… ${inWords(long)} messages`, spread: over(([, ofLong]) => ofLong) },
    {
      ...same,
      what: `… ${inWords(long)} ÷ ${inWords(short)}`,
      unit: '×',
      spread: over(([ofShort, ofLong]) => ofLong / ofShort),
      atMost: RATIO_MAX,
    },
  ]
}

function roomOf(messages: number): LongRoom {
  return { id: 'long', name: 'Long', messages, authors: AUTHORS }
}

async function startWith(messages: number, { people, root, progress }: Workshop): Promise<LocalProgram> {
  const folder = join(root, `of-${messages}`)
  people.copyTo(folder)
  progress(`A room with ${inWords(messages)} messages is made`)
  await makeLongRoom(folder, roomOf(messages))
  return startNode({ folder, port: await freePort() }, { WEB: 'off' })
}

/** Whoever comes by an import has read all: here half of it is unread. */
async function come({ port }: LocalProgram, { messages, token }: { messages: number; token: string }): Promise<There> {
  const room = roomOf(messages)
  const as = { port, token }
  await ask(as, `/me/rooms/${room.id}`, { readTo: messages / 2, back: true })
  const visitor = await Visitor.come({ ...as, rooms: ROOMS })
  return { room, as, visitor, [Symbol.dispose]: () => visitor[Symbol.dispose]() }
}

async function mediansOf(act: Act, pair: Pair, asked: number): Promise<[number, number]> {
  const took: [number[], number[]] = [[], []]
  for (let at = 0; at < 2 * asked; at++)
    for (const which of at % 2 === 0 ? ([0, 1] as const) : ([1, 0] as const)) took[which].push(await msOf(() => act(pair[which], at)))
  const medianOf = (one: number[]) => spread(one.slice(asked)).median
  return [medianOf(took[0]), medianOf(took[1])]
}

/** Far from the one before. */
function anyMessage(room: LongRoom, at: number): string {
  return messageId(1 + ((at * 3_907) % room.messages), room)
}

async function openRoom({ visitor, room }: There): Promise<void> {
  const messages = await visitor.open(room.id)
  if (messages < MESSAGES_IN_SNAPSHOT) throw new Error(`A room was opened with ${messages} messages.`)
}

async function listRooms({ as, room }: There): Promise<void> {
  const { items } = await ask<{ items: { id: string; unread: number }[] }>(as, '/rooms')
  const unread = items.find(({ id }) => id === room.id)?.unread
  if (unread !== UNREAD_MAX) throw new Error(`Of the long room ${unread} messages are unread.`)
}
