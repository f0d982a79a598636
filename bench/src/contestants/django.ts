import { execFileSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { findProgram, findRedis } from '#programs/find-program.ts'
import { freePort, type Program, startProgram } from '#programs/program.ts'
import type { Size } from '#scenarios.ts'
import { type Absent, alone, besideRedis, type Contestant, peerFile } from './contestant.ts'

const CHAT = peerFile('django/chat.py')
const PACKAGES = 'python3-django-channels daphne python3-channels-redis'
/** Pings would come between the messages. */
const PINGS_NEVER_S = '600'
/** With more followers than these a run would only show that it does not end. */
const FOLLOWERS_MAX = { latency: 100, broadcast: 1_000 }

const DOES =
  'one process; stores each message by the ORM in SQLite (a write-ahead log, one connection that stays), before anybody sees it; knows nobody, numbers nothing that a follower could check, resumes nothing. Drops messages for whoever has 100 waiting, by default; here it is told not to. Left out where a run would only show that it does not end.'

/** In one process by itself, and as one runs it to have several. */
export function django(): (Contestant | Absent)[] {
  const python = findPython()
  if (python === null) return [{ name: 'Django', needs: PACKAGES }]
  const dialect = 'ws-loop'
  const inMemory: Contestant = {
    is: 'django',
    name: `${python.name}, in memory`,
    dialect,
    does: `(${python.servedBy}) ${DOES}`,
    plays,
    start: ({ folder }) => alone(serve(python.path, folder)),
  }
  const overRedis: Contestant = {
    is: 'django-redis',
    name: `${python.name}, over Redis`,
    dialect,
    does: 'the same, each message going through a Redis, whose processor time is counted; on two cores it has its core together with that.',
    plays: (size) => plays(size) && (size.part !== 'acknowledged' || size.senders === 100),
    start: ({ folder }) => besideRedis((url) => serve(python.path, folder, { REDIS_URL: url })),
  }
  return [inMemory, findRedis() === null ? { name: overRedis.name, needs: 'redis-server' } : overRedis]
}

function plays({ part, followers, rooms }: Size): boolean {
  if (part === 'acknowledged') return true
  return (part === 'latency' || part === 'broadcast') && rooms === 1 && followers <= FOLLOWERS_MAX[part]
}

/** Debian's own first: what it has installed no other sees. */
function findPython(): { path: string; name: string; servedBy: string } | null {
  for (const path of ['/usr/bin/python3', findProgram('python3')]) {
    const versions = path && versionsOf(path)
    if (versions) return { path, ...versions }
  }
  return null
}

function versionsOf(path: string): { name: string; servedBy: string } | null {
  try {
    const [name, servedBy] = execFileSync(path, ['-B', CHAT], { encoding: 'utf8', stdio: 'pipe' }).split('\n')
    return { name: name!, servedBy: servedBy! }
  } catch {
    return null
  }
}

async function serve(python: string, folder: string, more: Record<string, string> = {}): Promise<Program> {
  mkdirSync(folder)
  const port = await freePort()
  const daphne = ['-B', '-m', 'daphne', '-v', '0', '--ping-interval', PINGS_NEVER_S, '-b', '127.0.0.1', '-p', String(port)]
  const env = { PYTHONPATH: dirname(CHAT), DATABASE: join(folder, 'chat.sqlite3'), ...more }
  return startProgram([python, ...daphne, 'chat:application'], { port, env, endBy: 'SIGKILL' })
}
