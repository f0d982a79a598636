import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client'
import type { Bus } from '#bus/bus.ts'
import type { Realtime } from '#realtime/realtime.ts'
import type { Store } from '#store/store.ts'

/** What a node says of itself to Prometheus. Read when asked, so that counting costs the hot paths nothing. No label names a room or a person. */
export function nodeMetrics({ store, bus, realtime }: { store: Store; bus: Bus; realtime: Realtime }): Registry {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const { sender, connections, feeds } = realtime
  const { queue } = store

  gauge(registry, ['belfry_connections', 'Sockets and streams that are signed in.'], () => connections.size)
  gauge(registry, ['belfry_followed_topics', 'Topics that somebody follows here.'], () => feeds.size)
  counter(registry, ['belfry_frames_sent_total', 'Frames sent to connections.'], () => sender.stats.frames)
  counter(registry, ['belfry_frame_bytes_sent_total', 'Bytes of frames sent to connections.'], () => sender.stats.bytes)
  counter(registry, ['belfry_socket_writes_total', 'Writes to connections: many frames may share one.'], () => sender.stats.writes)
  counter(registry, ['belfry_commits_total', 'Transactions committed by the writer.'], () => queue.stats.commits)
  counter(registry, ['belfry_writes_total', 'Writes run by the writer; divided by commits: the mean batch.'], () => queue.stats.writes)
  gauge(registry, ['belfry_last_batch_writes', 'Writes in the last batch.'], () => queue.stats.lastBatch)
  gauge(registry, ['belfry_writes_waiting', 'Writes that are neither stored nor refused yet.'], () => queue.underWay)
  gauge(registry, ['belfry_bus_alive', 'Whether what nodes tell each other arrives here: 1, or 0.'], () => Number(bus.isAlive))
  counter(registry, ['belfry_bus_messages_total', 'Messages sent to other nodes.'], () => bus.stats.messages)
  counter(
    registry,
    ['belfry_bus_dropped_total', 'Messages that could not be sent; other nodes read from the database instead.'],
    () => bus.stats.dropped,
  )
  return registry
}

function gauge(registry: Registry, [name, help]: [string, string], read: () => number): void {
  new Gauge({
    name,
    help,
    registers: [registry],
    collect() {
      this.set(read())
    },
  })
}

/** Of what is counted elsewhere: it is brought to that number when it is asked for. */
function counter(registry: Registry, [name, help]: [string, string], read: () => number): void {
  new Counter({
    name,
    help,
    registers: [registry],
    collect() {
      this.reset()
      this.inc(read())
    },
  })
}
