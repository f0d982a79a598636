import { uuidv7 } from '@belfry/protocol/uuid.ts'
import { chunks } from '@belfry/server/lib/chunks.ts'
import { actorOf, enter, openFolder } from './belfry-server.ts'

/** Rooms wait for each other. */
const AT_ONCE = 100
const UNREAD = 5

/** Puts alice, who is in so many rooms, into a new data folder; in each bob has said something that she has not read. Answers her token. */
export async function makeManyRooms(folder: string, count: number): Promise<string> {
  await using store = await openFolder(folder)
  const [alice, bob] = [await enter(store, 'alice'), await enter(store, 'bob')]
  const write = (name: 'room.create' | 'member.add' | 'message.post', input: object) => store.write({ name, input, actor: actorOf(bob) })
  const fill = async (at: number) => {
    const roomId = uuidv7()
    await write('room.create', { id: roomId, name: `Room ${at}`, kind: 'open' })
    await write('member.add', { roomId, id: alice.id })
    for (let said = 0; said < UNREAD; said++) await write('message.post', { roomId, id: uuidv7(), body: 'Have you seen this?' })
  }
  for (const some of chunks([...Array(count).keys()], AT_ONCE)) await Promise.all(some.map(fill))
  return alice.token
}
