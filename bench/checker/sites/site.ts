import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { startStage } from '#checker/faults/cluster-with-links.ts'
import { faults } from '#checker/faults/faults.ts'
import { Link } from '#checker/faults/link.ts'
import { websocket } from '#checker/faults/websocket.ts'
import type { Dice } from '#dice.ts'
import { runBelfry, type Settings, startNode } from '#programs/belfry-server.ts'
import { type LocalProgram, makePlace } from '#programs/local-program.ts'
import { makeDatabaseAnew } from '#programs/postgres.ts'
import { faultsOfNode } from './node-faults.ts'
import { Records } from './records.ts'

/** Something that may go wrong at a site. `begin` answers how it is healed; it rejects where there was no occasion. */
export interface SiteFault {
  name: string
  begin(dice: Dice): Promise<() => Promise<void>>
  /** How often it happens in a run at most; left out: as often as others. */
  timesMax?: number
}

/** What is put to the test: nodes over one database, and what may go wrong with them. */
export interface Site extends AsyncDisposable {
  nodes: LocalProgram[]
  /** Through which clients find each node. */
  links: Link[]
  faults: SiteFault[]
  records: Records
  /** Writes all there is into a file, while the nodes run. */
  backUp(file: string): Promise<void>
  /** Puts a backup in the place of all there is: no node runs, and nobody reads the records. */
  restore(file: string): Promise<void>
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
  const records = opened.use(await Records.open({ folder: place.folder }))
  const kept = opened.move()
  return {
    nodes: [node],
    links: [link],
    faults: faultsOfNode(node, link),
    records,
    ...copies({ ...more, DATA_DIR: place.folder }, async () => removeDatabase(place.folder)),
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  }
}

/** Several, with PostgreSQL and Redis. */
async function openCluster(nodes: number, more: Settings): Promise<Site> {
  await using opened = new AsyncDisposableStack()
  const stage = opened.use(await startStage(nodes, more))
  const { cluster, links } = stage
  const records = opened.use(await Records.open({ folder: '', databaseUrl: cluster.postgres.url }))
  const possible = faults.filter(({ isPossible }) => isPossible(stage))
  const kept = opened.move()
  return {
    nodes: cluster.nodes,
    links: links.node,
    faults: possible.map(({ name, begin }) => ({ name, begin: (dice) => begin(stage, dice) })),
    records,
    ...copies(cluster.settings, () => makeDatabaseAnew(cluster.postgres)),
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  }
}

/** As docs/administration.md tells an operator. `makeRoom`: a copy goes where nothing is. */
function copies(settings: Settings, makeRoom: () => Promise<void>): Pick<Site, 'backUp' | 'restore'> {
  return {
    backUp: async (file) => void (await runBelfry(settings, ['backup', file])),
    async restore(file) {
      await makeRoom()
      await runBelfry(settings, ['restore', file])
    },
  }
}

function removeDatabase(folder: string): void {
  for (const name of readdirSync(folder)) if (name.startsWith('belfry.sqlite')) rmSync(join(folder, name))
}
