import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { GENERAL_ROOM, roomTopic } from '@belfry/protocol/topics.ts'
import { belfry, follow } from '#dialects/belfry.ts'
import { RawSocket } from '#load/raw-socket.ts'
import type { Workshop } from '#measure.ts'
import { startBelfry } from '#programs/belfry-server.ts'
import { makeManyRooms } from '#programs/many-rooms.ts'
import { inWords } from '#scenarios.ts'
import { spread } from '#statistics.ts'
import { type As, ask, msOf } from './ask.ts'
import type { Figure } from './figure.ts'

/** So many of each in a run, after one that does not count. */
const ASKED = 10

/** Somebody who is in very many rooms, in each of which something is unread. */
export async function places(runs: number, { root, plan, progress }: Workshop): Promise<Figure[]> {
  const folder = join(root, 'places')
  progress(`${inWords(plan.places)} rooms are made`)
  const token = await makeManyRooms(folder, plan.places)
  try {
    await using server = await startBelfry({ folder, web: 'off' })
    const as = { port: server.port, token }
    const took = { live: [] as number[], list: [] as number[] }
    for (let run = 0; run < runs; run++) {
      progress(`Somebody in ${inWords(plan.places)} rooms: run ${run + 1} of ${runs}`)
      took.live.push(await medianMs(() => comeLive(as, plan.places + 1)))
      took.list.push(await medianMs(() => listRooms(as, plan.places + 1)))
    }
    const same = { unit: 'ms', atMost: null, part: 'places' } as const
    return [
      { ...same, what: `Somebody in ${inWords(plan.places)} rooms connects, and is live`, spread: spread(took.live) },
      { ...same, what: '… and has the list of rooms with what is unread', spread: spread(took.list) },
    ]
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function medianMs(act: () => Promise<void>): Promise<number> {
  const took: number[] = []
  for (let at = 0; at <= ASKED; at++) took.push(await msOf(act))
  return spread(took.slice(1)).median
}

/** Until General is live, and every room has said from where on it is watched. */
async function comeLive({ port, token }: As, rooms: number): Promise<void> {
  const socket = await RawSocket.open({ port, path: belfry.path })
  await follow(socket, { token, positions: [[roomTopic(GENERAL_ROOM)]], watched: rooms })
  socket.close()
}

async function listRooms(as: As, rooms: number): Promise<void> {
  const { items } = await ask<{ items: { unread: number }[] }>(as, '/rooms')
  const unread = items.filter((room) => room.unread > 0).length
  if (items.length !== rooms || unread !== rooms - 1) throw new Error(`${items.length} rooms are listed, ${unread} with something unread.`)
}
