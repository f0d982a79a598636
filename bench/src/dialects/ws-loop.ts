import type { Dialect } from './dialect.ts'

/** What peers/ws-loop.ts speaks. */
export const wsLoop: Dialect = {
  path: '/',
  enter: async () => {},
  async follow(socket) {
    const following = socket.heard((text) => text === '{"t":"following"}')
    socket.send('{"t":"follow"}')
    await following
  },
  post: (id, body) => JSON.stringify({ t: 'post', id, body }),
  acknowledged: (text) => (JSON.parse(text) as { id: number }).id,
  roomReader: () => (text) => [(JSON.parse(text) as { body: string }).body],
}
