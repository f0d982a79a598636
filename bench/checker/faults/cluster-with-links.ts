import type { Settings } from '#programs/belfry-server.ts'
import { type Cluster, startCluster } from '#programs/cluster.ts'
import { startPostgres } from '#programs/postgres.ts'
import { Link } from './link.ts'
import { postgres } from './postgres.ts'
import type { Protocol } from './protocol.ts'
import { redis } from './redis.ts'
import { SmallDisk } from './small-disk.ts'
import { websocket } from './websocket.ts'

/** The lines of a cluster, each in the order of its nodes. */
export interface Links {
  /** From whoever asks a node, nginx among them, to that node. */
  node: Link[]
  /** From a node to PostgreSQL. */
  postgres: Link[]
  /** From a node to Redis. */
  redis: Link[]
}

/** Where faults happen. */
export interface Stage {
  cluster: Cluster
  links: Links
  /** Where PostgreSQL keeps all it has; null: this process may not mount a small one. */
  disk: SmallDisk | null
}

const PROTOCOLS = { node: websocket, postgres, redis } satisfies Record<keyof Links, Protocol>

/** A cluster in which every line passes a link, and whose database is on a small disk where that is possible. */
export async function startStage(size: number, more: Settings = {}): Promise<Stage & AsyncDisposable> {
  await using started = new AsyncDisposableStack()
  const disk = SmallDisk.isPossible ? started.use(await SmallDisk.mount()) : null
  const links: Links = { node: [], postgres: [], redis: [] }
  const portFor = async (part: keyof Links, port: number) => {
    const link = started.use(await Link.open(port, PROTOCOLS[part]))
    links[part].push(link)
    return link.port
  }
  const startDatabase = async () => (disk ? startPostgres(disk.settings, await disk.place()) : startPostgres())
  const cluster = started.use(await startCluster(size, more, { startDatabase, portFor }))
  const kept = started.move()
  return { cluster, links, disk, [Symbol.asyncDispose]: () => kept.disposeAsync() }
}
