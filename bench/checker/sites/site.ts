import { writes } from '@belfry/server/commands.ts'
import { systemClock } from '@belfry/server/lib/clock.ts'
import { openStore, type Store } from '@belfry/server/store/store.ts'
import { startStage } from '#checker/faults/cluster-with-links.ts'
import { faults } from '#checker/faults/faults.ts'
import { Link } from '#checker/faults/link.ts'
import { websocket } from '#checker/faults/websocket.ts'
import type { Dice } from '#dice.ts'
import { type Settings, startNode } from '#programs/belfry-server.ts'
import { type LocalProgram, makePlace } from '#programs/local-program.ts'
import { faultsOfNode } from './node-faults.ts'

/** Something that may go wrong at a site. `begin` answers how it is healed; it rejects where there was no occasion. */
export interface SiteFault {
  name: string
  begin(dice: Dice): Promise<() => Promise<void>>
}

/** What is put to the test: nodes over one database, and what may go wrong with them. */
export interface Site extends AsyncDisposable {
  nodes: LocalProgram[]
  /** At which port clients find each node. */
  ports: number[]
  faults: SiteFault[]
  /** The database, as the judge sees it: past the nodes. */
  store: Store
}

/** `more`: settings of the nodes. */
export function openSite(nodes: number, more: Settings): Promise<Site> {
  return nodes === 1 ? openNode({ WEB: 'off', ...more }) : openCluster(nodes, { WEB: 'off', ...more })
}

/** One node, on SQLite. */
async function openNode(more: Settings): Promise<Site> {
  await using opened = new AsyncDisposableStack()
  const place = await makePlace('node')
  const node = opened.use(await startNode(place, more))
  const link = opened.use(await Link.open(node.port, websocket))
  const store = opened.use(await openDatabase({ folder: place.folder }))
  const kept = opened.move()
  const dispose = () => kept.disposeAsync()
  return { nodes: [node], ports: [link.port], faults: faultsOfNode(node, link), store, [Symbol.asyncDispose]: dispose }
}

/** Several, with PostgreSQL and Redis. */
async function openCluster(nodes: number, more: Settings): Promise<Site> {
  await using opened = new AsyncDisposableStack()
  const stage = opened.use(await startStage(nodes, more))
  const { cluster, links } = stage
  const store = opened.use(await openDatabase({ folder: '', databaseUrl: cluster.postgres.url }))
  const possible = faults.filter(({ isPossible }) => isPossible(stage))
  const kept = opened.move()
  return {
    nodes: cluster.nodes,
    ports: links.node.map(({ port }) => port),
    faults: possible.map(({ name, begin }) => ({ name, begin: (dice) => begin(stage, dice) })),
    store,
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  }
}

function openDatabase(at: { folder: string; databaseUrl?: string }): Promise<Store> {
  return openStore({ ...at, writes, clock: systemClock, onAnnouncements() {}, onFailure: (failure) => console.error(failure) })
}
