import { users } from '#accounts/users.ts'
import { write } from '#store/write.ts'
import { roomTopic } from '@belfry/protocol/topics.ts'
import { messages } from './messages.ts'

const wires = new BroadcastChannel('belfry')

export async function postMessage(): Promise<unknown> {
  const { Refusal } = await import('#lib/refusal.ts')
  return [users, write, roomTopic, messages, wires, Refusal]
}
