import { availableParallelism } from 'node:os'
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config'
import { postgres } from './test/binaries.ts'
import { LongFirst } from './test/long-first.ts'
import { NoSkips } from './test/no-skips.ts'
import { sharedData } from './test/shared-data.ts'

const NO_TESTS = ['**/node_modules/**', '**/planted/**']

/** What concerns PostgreSQL alone. */
const OWN = 'server/test/postgres*.test.ts'

/** Where a store's behaviour is told: once more with every store on PostgreSQL. */
const ON_BOTH = [
  'server/test/{access,accounts,administration,batches,feeds,guests,imports,invitations,invited-rooms,joining,notifications,own-account,pictures}.test.ts',
  'server/test/{directs,jobs,migrations,reactions,ringing,rooms,rung-texts,searching,sights,store,versions,writes}.test.ts',
  'server/test/{http-notifications,http-routes,presence,presence-nodes,roles,roles-elsewhere,roles-ways,topic-streams,typing,watching}.test.ts',
]

/** Files share processes: to start one for each would take longer than many a file. */
const packages: TestProjectInlineConfiguration = {
  extends: true,
  test: {
    name: 'packages',
    include: ['{protocol,client,server,web,cli,bench}/test/**/*.test.{ts,tsx}'],
    exclude: [...NO_TESTS, OWN],
    isolate: false,
  },
}

/** Journeys share a browser too. */
const journeys: TestProjectInlineConfiguration = {
  extends: true,
  test: {
    name: 'journeys',
    include: ['test/{journeys,cluster}/**/*.test.ts'],
    isolate: false,
  },
}

const others: TestProjectInlineConfiguration = {
  extends: true,
  test: {
    name: 'others',
    include: ['test/**/*.test.{ts,tsx}'],
    exclude: [...NO_TESTS, 'test/{journeys,cluster}/**', ...(sharedData.missing ? ['test/real-data/**'] : [])],
  },
}

const onPostgres: TestProjectInlineConfiguration = {
  extends: true,
  test: { name: 'PostgreSQL', include: [OWN, ...ON_BOTH], isolate: false, globalSetup: ['test/on-postgres.ts'] },
}

const report = process.env.BELFRY_TEST_REPORT

export default defineConfig({
  test: {
    projects: [packages, journeys, others, ...(postgres.missing ? [] : [onPostgres])],
    environment: 'node',
    pool: 'forks',
    // Files wait for browsers, servers and disks for much of their time: on two cores four run at a time.
    maxWorkers: Math.max(4, availableParallelism() - 1),
    sequence: { sequencer: LongFirst },
    globalSetup: ['test/announce-missing.ts'],
    reporters: ['default', new NoSkips(), ...(report ? [['json', { outputFile: report }] as const] : [])],
    // What a test waits for is a condition: how long it takes to come is the machine's.
    testTimeout: 300_000,
    expect: { poll: { timeout: 30_000 } },
    hookTimeout: 180_000,
    teardownTimeout: 10_000,
  },
})
