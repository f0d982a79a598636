import type { Dialect } from './dialect.ts'

/** What peers/ws-loop.ts speaks, and others in peers/ that have no language of their own. */
export const wsLoop: Dialect = {
  path: '/',
  enter: async () => {},
  async follow(socket, { room }) {
    const following = socket.heard((text) => (JSON.parse(text) as { t: string }).t === 'following')
    socket.send(JSON.stringify({ t: 'follow', room }))
    await following
  },
  post: (id, { room, body }) => JSON.stringify({ t: 'post', id, room, body }),
  acknowledged: (text) => (JSON.parse(text) as { id: number }).id,
  roomReader: () => (text) => [(JSON.parse(text) as { body: string }).body],
}
