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

/** How a cluster is put together otherwise than on a machine of one's own. */
export interface Assembly {
  startDatabase(): Promise<LocalProgram>
  /** At which port one part reaches another, which listens at `port`. A node asks for its own ways to both servers, nginx for that to each node. */
  portFor(part: 'node' | 'postgres' | 'redis', port: number): Promise<number>
}

const PLAIN: Assembly = { startDatabase: () => startPostgres(), portFor: async (_part, port) => port }

export async function startCluster(size: number, more: Settings = {}, { startDatabase, portFor } = PLAIN): Promise<Cluster> {
  await using started = new AsyncDisposableStack()
  const postgres = started.use(await startDatabase())
  const redis = started.use(await startRedis())
  const places = []
  for (let at = 1; at <= size; at++) places.push(await makePlace(`node-${at}`))
  const upstreams = []
  for (const { port } of places) upstreams.push(await portFor('node', port))
  const nginx = started.use(await startNginx({ upstreams }))
  const behind = { BASE_URL: nginx.url, TRUSTED_PROXIES: '127.0.0.1' }
  const settings = { DATABASE_URL: postgres.url, REDIS_URL: redis.url, ...behind, ...more }
  const nodes = []
  // One after the other: the first makes the tables, and builds the app.
  for (const place of places) {
    const DATABASE_URL = withPort(postgres.url, await portFor('postgres', postgres.port))
    const REDIS_URL = withPort(redis.url, await portFor('redis', redis.port))
    nodes.push(started.use(await startNode(place, { ...settings, DATABASE_URL, REDIS_URL })))
  }
  const kept = started.move()
  return { url: nginx.url, nodes, postgres, redis, nginx, settings, [Symbol.asyncDispose]: () => kept.disposeAsync() }
}

function withPort(url: string, port: number): string {
  return Object.assign(new URL(url), { port: String(port) }).href
}
