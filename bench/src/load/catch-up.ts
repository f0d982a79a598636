import { GENERAL_ROOM, roomTopic } from '@belfry/protocol/topics.ts'
import { belfry, follow } from '#dialects/belfry.ts'
import { gather } from './crowd.ts'
import { RawSocket } from './raw-socket.ts'

/** One server, and who is there. */
interface There {
  port: number
  tokens: string[]
}

/** Somebody is away while so many messages are posted. Answers after how many milliseconds they have them all, once they come back. */
export async function catchUp({ port, tokens }: There, messages: number): Promise<number> {
  const [token, ...others] = tokens
  const open = () => RawSocket.open({ port, path: belfry.path })
  const before = await open()
  const positions = await follow(before, { token: token!, positions: [[roomTopic(GENERAL_ROOM)]] })
  before.close()
  await post({ port, tokens: others }, messages)

  const began = performance.now()
  const again = await open()
  let missed = 0
  await follow(again, { token: token!, positions, missed: ({ rows }) => (missed += rows.message?.length ?? 0) })
  const took = performance.now() - began
  again.close()
  if (missed !== messages) throw new Error(`Of ${messages} missed messages ${missed} came.`)
  return took
}

/** All of these people post as many, one after the other. */
async function post({ port, tokens }: There, messages: number): Promise<void> {
  const all = { ports: [port], tokens, rooms: [GENERAL_ROOM], followers: 0, senders: tokens.length }
  const { senders, close } = await gather(belfry, all)
  const done = senders.map(
    (sender) =>
      new Promise<void>((resolve) => {
        sender.onAcknowledged = () => (sender.acknowledged * senders.length < messages ? sender.post() : resolve())
        sender.post()
      }),
  )
  await Promise.all(done)
  close()
}
