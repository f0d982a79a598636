import { mkdirSync } from 'node:fs'
import type { Socket } from 'node:net'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { WebSocketServer } from 'ws'

/**
 * The least that a server does that stores what it tells: one thread; all that has arrived in a turn of the loop is committed together, then each
 * socket is written to once. Started with the port and a folder.
 */
type Up = { t: 'follow'; room: string } | { t: 'post'; id: number; room: string; body: string }
type Post = Extract<Up, { t: 'post' }> & { by: Socket; from: number }

const [, , port, folder] = process.argv
mkdirSync(folder!, { recursive: true })
const file = new DatabaseSync(join(folder!, 'messages.sqlite'))
file.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL')
file.exec(
  'CREATE TABLE messages (n INTEGER PRIMARY KEY, room TEXT NOT NULL, author INTEGER NOT NULL, at INTEGER NOT NULL, body TEXT NOT NULL)',
)
const insert = file.prepare('INSERT INTO messages (room, author, at, body) VALUES (?, ?, ?, ?)')

const rooms = new Map<string, Set<Socket>>()
let arrived: Post[] = []
let people = 0
const server = new WebSocketServer({ host: '127.0.0.1', port: Number(port), perMessageDeflate: false })

server.on('connection', (ws, { socket }) => {
  people += 1
  const from = people
  ws.on('message', (data) => hear({ socket, from }, JSON.parse(String(data)) as Up))
  ws.on('close', () => rooms.forEach((followers) => followers.delete(socket)))
  ws.on('error', () => ws.terminate())
})
// Its starter holds the other end, and ends it by letting go.
process.stdin.resume().once('end', () => process.exit())

function hear({ socket, from }: { socket: Socket; from: number }, up: Up): void {
  if (up.t === 'follow') {
    rooms.set(up.room, (rooms.get(up.room) ?? new Set()).add(socket))
    return void socket.write(frameOf({ t: 'following' }))
  }
  if (arrived.length === 0) setImmediate(storeAndTell)
  arrived.push({ ...up, by: socket, from })
}

function storeAndTell(): void {
  const posts = arrived
  arrived = []
  const at = Date.now()
  file.exec('BEGIN IMMEDIATE')
  for (const { room, from, body } of posts) insert.run(room, from, at, body)
  file.exec('COMMIT')
  const told = (some: Post[]) => Buffer.concat(some.map(({ room, from, body }) => frameOf({ t: 'message', room, from, at, body })))
  for (const [room, some] of Map.groupBy(posts, (post) => post.room)) {
    const bytes = told(some)
    for (const follower of rooms.get(room) ?? []) follower.write(bytes)
  }
  for (const [sender, some] of Map.groupBy(posts, ({ by }) => by))
    sender.write(Buffer.concat(some.map(({ id }) => frameOf({ t: 'posted', id }))))
}

/** A text frame of a server, without a mask. */
function frameOf(what: object): Buffer {
  const text = Buffer.from(JSON.stringify(what))
  const head = text.length < 126 ? [0x81, text.length] : [0x81, 126, text.length >> 8, text.length & 255]
  return Buffer.concat([Buffer.from(head), text])
}
