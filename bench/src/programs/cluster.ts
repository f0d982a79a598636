import { type Settings, startNode } from './belfry-server.ts'
import { type LocalProgram, makePlace } from './local-program.ts'
import { startNginx } from './nginx.ts'
import { startPostgres } from './postgres.ts'
import { startRedis } from './redis.ts'

/** Several nodes over one database and one Redis, behind one proxy. */
export interface Cluster extends AsyncDisposable {
  /** Where people reach it. */
  url: string
  nodes: LocalProgram[]
  postgres: LocalProgram
  redis: LocalProgram
  nginx: LocalProgram
  /** What every node has, and `belfry` needs for its other commands. */
  settings: Settings
}

export async function startCluster(size: number, more: Settings = {}): Promise<Cluster> {
  await using started = new AsyncDisposableStack()
  const postgres = started.use(await startPostgres())
  const redis = started.use(await startRedis())
  const places = []
  for (let at = 1; at <= size; at++) places.push(await makePlace(`node-${at}`))
  const nginx = started.use(await startNginx({ upstreams: places.map(({ port }) => port) }))
  const behind = { BASE_URL: nginx.url, TRUSTED_PROXIES: '127.0.0.1' }
  const settings = { DATABASE_URL: postgres.url, REDIS_URL: redis.url, ...behind, ...more }
  const nodes = []
  // One after the other: the first makes the tables, and builds the app.
  for (const place of places) nodes.push(started.use(await startNode(place, settings)))
  const kept = started.move()
  return { url: nginx.url, nodes, postgres, redis, nginx, settings, [Symbol.asyncDispose]: () => kept.disposeAsync() }
}
