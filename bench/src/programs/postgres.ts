import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { certificateOf, keyOf, makeCertificate } from './certificate.ts'
import { findPostgres } from './find-program.ts'
import { LocalProgram, makePlace, type Place } from './local-program.ts'
import { own } from './program.ts'

/** What a test asks that makes many databases, none of which is to outlive the machine. */
export const FORGETFUL = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off']

/** A PostgreSQL of its own, with an empty database: durable as ever unless `settings` say otherwise, reached over loopback alone, and with a password. */
export async function startPostgres(settings: readonly string[] = [], within?: Place): Promise<LocalProgram> {
  const path = findPostgres()
  if (path === null) throw new Error('PostgreSQL is not installed.')
  const place = within ?? (await makePlace('postgres'))
  const { folder, port } = place
  const password = randomBytes(12).toString('hex')
  const data = join(folder, 'data')
  await initialize(join(dirname(path), 'initdb'), place, password)
  const set = ['listen_addresses=127.0.0.1', ...settings].flatMap((setting) => ['-c', setting])
  return LocalProgram.start({
    ...place,
    url: `postgres://belfry:${password}@127.0.0.1:${port}/postgres`,
    command: [path, '-D', data, '-k', folder, '-p', String(port), ...set],
    // It does not wait for those who are connected.
    endBy: 'SIGINT',
    // As a crash would have it: nothing is finished, and none of its processes stays.
    cutBy: 'SIGQUIT',
    isReady: () => isReady(data),
  })
}

/** As whoever has no use for it any more, whoever is connected. */
export async function makeDatabaseAnew({ url }: LocalProgram): Promise<void> {
  const name = new URL(url).pathname.slice(1)
  const by = `--maintenance-db=${Object.assign(new URL(url), { pathname: '/template1' }).href}`
  const runs = (program: string, ...args: string[]) => promisify(execFile)(join(dirname(findPostgres()!), program), [by, ...args, name])
  await runs('dropdb', '--force')
  await runs('createdb', '--encoding=UTF8')
}

/** By these settings it knows TLS, in this place. */
export async function certified(place: Place): Promise<string[]> {
  await makeCertificate(place)
  return ['ssl=on', `ssl_cert_file=${certificateOf(place)}`, `ssl_key_file=${keyOf(place)}`]
}

/** Text sorts as people expect it to, and not by its bytes: as where somebody has installed it without a thought. */
const COLLATION = ['--encoding=UTF8', '--locale=C.UTF-8', '--locale-provider=icu', '--icu-locale=en-US']

async function initialize(initdb: string, { folder, user }: Place, password: string): Promise<void> {
  const secret = join(folder, 'password')
  writeFileSync(secret, password)
  const access = ['--username=belfry', `--pwfile=${secret}`, '--auth=scram-sha-256']
  const running = promisify(execFile)(initdb, ['-D', join(folder, 'data'), ...access, ...COLLATION, '--no-sync'], { cwd: folder, ...user })
  own(running.child)
  await running
}

/** The eighth line of its file says how far it has come; while it recovers it listens already. */
function isReady(data: string): boolean {
  try {
    return readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')[7]?.trim() === 'ready'
  } catch {
    return false
  }
}
