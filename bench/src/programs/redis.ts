import { randomBytes } from 'node:crypto'
import { findRedis } from './find-program.ts'
import { LocalProgram, makePlace } from './local-program.ts'

/** A Redis, or a Valkey, of its own that keeps nothing on disk, with a password. */
export async function startRedis(): Promise<LocalProgram> {
  const path = findRedis()
  if (path === null) throw new Error('Redis is not installed.')
  const place = await makePlace('redis')
  const { folder, port } = place
  const password = randomBytes(12).toString('hex')
  const settings = { dir: folder, port: String(port), bind: '127.0.0.1', save: '', appendonly: 'no', requirepass: password }
  return LocalProgram.start({
    ...place,
    url: `redis://:${password}@127.0.0.1:${port}`,
    command: [path, ...Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value])],
    endBy: 'SIGTERM',
    cutBy: 'SIGKILL',
  })
}
