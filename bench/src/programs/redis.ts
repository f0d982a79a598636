import { randomBytes } from 'node:crypto'
import { certificateOf, keyOf, makeCertificate } from './certificate.ts'
import { findRedis } from './find-program.ts'
import { LocalProgram, makePlace, type Place } from './local-program.ts'

/** A Redis, or a Valkey, of its own that keeps nothing on disk, with a password. `secure`: by TLS alone, with a certificate of its own. */
export async function startRedis(line: 'plain' | 'secure' = 'plain'): Promise<LocalProgram> {
  const path = findRedis()
  if (path === null) throw new Error('Redis is not installed.')
  const place = await makePlace('redis')
  const { folder, port } = place
  const password = randomBytes(12).toString('hex')
  const ports = line === 'plain' ? { port: String(port) } : await securePort(place)
  const settings = { dir: folder, ...ports, bind: '127.0.0.1', save: '', appendonly: 'no', requirepass: password }
  return LocalProgram.start({
    ...place,
    url: `${line === 'plain' ? 'redis' : 'rediss'}://:${password}@127.0.0.1:${port}`,
    command: [path, ...Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value])],
    endBy: 'SIGTERM',
    cutBy: 'SIGKILL',
  })
}

async function securePort(place: Place): Promise<Record<string, string>> {
  await makeCertificate(place)
  const files = { 'tls-cert-file': certificateOf(place), 'tls-key-file': keyOf(place), 'tls-ca-cert-file': certificateOf(place) }
  return { 'port': '0', 'tls-port': String(place.port), ...files, 'tls-auth-clients': 'no' }
}
