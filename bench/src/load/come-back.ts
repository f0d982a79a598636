import { GENERAL_ROOM, roomTopic, WORKSPACE_TOPIC } from '@belfry/protocol/topics.ts'
import type { Position } from '@belfry/protocol/up.ts'
import { belfry, follow } from '#dialects/belfry.ts'
import { addressOf, inTurns } from './crowd.ts'
import { RawSocket } from './raw-socket.ts'

/** Without having followed before. */
const NEW: Position[] = [[roomTopic(GENERAL_ROOM)], [WORKSPACE_TOPIC]]

/**
 * All of these people follow their topics, lose their connections at the same moment, and come back at once. Answers after how many milliseconds
 * each followed everything again, smallest first.
 */
export async function comeBack(port: number, tokens: string[]): Promise<number[]> {
  const before = await inTurns(tokens, (token, at) => comes(port, { token, at, positions: NEW }))
  for (const { socket } of before) socket.close()
  const began = performance.now()
  const took: number[] = []
  const again = await Promise.all(
    tokens.map(async (token, at) => {
      const { socket } = await comes(port, { token, at, positions: before[at]!.positions })
      took.push(performance.now() - began)
      return socket
    }),
  )
  for (const socket of again) socket.close()
  return took.toSorted((one, other) => one - other)
}

async function comes(port: number, { token, at, positions }: { token: string; at: number; positions: Position[] }) {
  const socket = await RawSocket.open({ port, path: belfry.path, from: addressOf(at) })
  return { socket, positions: await follow(socket, { token, positions }) }
}
