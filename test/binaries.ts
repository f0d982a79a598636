import { findChromium, findPostgres, findProgram, findRedis } from '#bench/src/programs/find-program.ts'

/** A program that some tests need and npm does not bring: `test.skipIf(chromium.missing)`, then `chromium.path`. */
export interface Binary {
  name: string
  path: string
  missing: boolean
  /** What cannot be tested without it. */
  needed: string
}

export const chromium = binary('chromium', { path: findChromium(), needed: 'journeys in a real browser' })
export const curl = binary('curl', { path: findProgram('curl'), needed: 'following a topic from a shell' })
export const postgres = binary('PostgreSQL', { path: findPostgres(), needed: 'the database of several nodes' })
export const redis = binary('redis-server', { path: findRedis(), needed: 'the bus of several nodes' })
export const nginx = binary('nginx', { path: findProgram('nginx'), needed: 'what stands before several nodes' })
export const openssl = binary('openssl', { path: findProgram('openssl'), needed: 'the certificate of a proxy' })

export const binaries: readonly Binary[] = [chromium, curl, postgres, redis, nginx, openssl]

function binary(name: string, { path, needed }: { path: string | null; needed: string }): Binary {
  return { name, path: path ?? name, missing: path === null, needed }
}
