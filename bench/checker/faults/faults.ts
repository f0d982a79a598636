import { fileURLToPath } from 'node:url'
import type { Dice } from '#dice.ts'
import type { Cluster } from '#programs/cluster.ts'
import type { LocalProgram } from '#programs/local-program.ts'
import type { Links, Stage } from './cluster-with-links.ts'
import { breaks, breaksWithin, loses, repeats, shuffles } from './deals.ts'
import type { Deal, Link } from './link.ts'
import { afterAnswer, afterCommit, beforeCommit, duringCommit, inBatch, type Moment, springs } from './moments.ts'

/** What may go wrong with a cluster. */
export interface Fault {
  name: string
  isPossible(stage: Stage): boolean
  /** Makes it, and answers how it is healed. One that waits for a moment of a write rejects when nobody writes. */
  begin(stage: Stage, dice: Dice): Promise<() => Promise<void>>
}

const HOUR_MS = 3_600_000
const CLOCK = fileURLToPath(new URL('./shifted-clock.ts', import.meta.url))

/** Of what passes: often enough to happen within a second, and seldom enough that something passes. */
const OFTEN = 0.25
const DELAY_MS_MAX = 200
/** Within a message more often than between two. */
const BREAKS_WITHIN_BYTES = 20_000

/** What nodes hear of each other. */
export const PUBLISHED = { kind: 'message' }
/** What those who follow over a socket are told. */
export const CHANGES = { kind: 'frame', saying: '"t":"change"' }

/** In the words of a report. */
export const faults: readonly Fault[] = [
  fault('a node is killed', (stage, dice) => killed(aNode(stage, dice))),
  fault('a node is stopped, and started again', (stage, dice) => stopped(aNode(stage, dice))),
  fault('Redis is killed', ({ cluster }) => killed(cluster.redis)),
  fault('PostgreSQL is killed with all its processes', ({ cluster }) => killed(cluster.postgres)),
  fault('a node stands still', (stage, dice) => still(aNode(stage, dice))),
  fault('Redis stands still', ({ cluster }) => still(cluster.redis)),
  fault('PostgreSQL stands still', ({ cluster }) => still(cluster.postgres)),
  fault('the clock of a node is an hour ahead', (stage, dice) => wrongClock(aNode(stage, dice), HOUR_MS)),
  fault('the clock of a node is an hour behind', (stage, dice) => wrongClock(aNode(stage, dice), -HOUR_MS)),
  ...onLines('node', 'between clients and a node'),
  ...onLines('postgres', 'between a node and PostgreSQL'),
  ...onLines('redis', 'between a node and Redis'),
  onLine('redis', 'the bus loses what is said', (dice) => loses(dice, OFTEN, PUBLISHED)),
  onLine('redis', 'the bus says it twice', (dice) => repeats(dice, OFTEN, PUBLISHED)),
  onLine('redis', 'the bus shuffles what is said', (dice) => shuffles(dice, OFTEN, PUBLISHED)),
  fault('changes on the way to a client are lost', async ({ links }, dice) => {
    const link = dice.pick(links.node)
    link.deal(loses(dice, OFTEN, CHANGES))
    return async () => {
      // What was lost last shows only when more comes, or over another connection.
      link.cut()
      link.restore()
    }
  }),
  onLine('node', 'changes on the way to a client come twice', (dice) => repeats(dice, OFTEN, CHANGES)),
  onLine('node', 'the line to a client breaks in the middle of a frame', (dice) => breaks(dice, OFTEN, { kind: 'frame' })),
  ...[inBatch, beforeCommit, duringCommit, afterCommit].map(cutAt),
  ...[inBatch, beforeCommit, duringCommit, afterCommit, afterAnswer].flatMap((moment) => [
    doneAt(moment, 'a node', 'is killed'),
    doneAt(moment, 'PostgreSQL', 'is killed'),
  ]),
  ...[inBatch, afterCommit, afterAnswer].flatMap((moment) => [
    doneAt(moment, 'Redis', 'is killed'),
    doneAt(moment, 'a node', 'stands still'),
    doneAt(moment, 'PostgreSQL', 'stands still'),
    doneAt(moment, 'Redis', 'stands still'),
  ]),
  {
    name: 'the disk of PostgreSQL is full',
    isPossible: ({ disk }) => disk !== null,
    async begin({ cluster: { postgres }, disk }) {
      await disk!.fill()
      return async () => {
        disk!.free()
        // It ends by itself where it could not write ahead: an operator has it started again.
        if (!postgres.isRunning) await postgres.start()
      }
    },
  },
]

/** One that can always be made. */
function fault(name: string, begin: (stage: Stage, dice: Dice) => Promise<() => Promise<void>>): Fault {
  return { name, isPossible: () => true, begin }
}

function aNode({ cluster }: Stage, dice: Dice): LocalProgram {
  return dice.pick(cluster.nodes)
}

async function killed(program: LocalProgram): Promise<() => Promise<void>> {
  await program.crash()
  return () => program.start()
}

/** As for an update: it sends its clients to the others first. */
async function stopped(node: LocalProgram): Promise<() => Promise<void>> {
  await node.kill('SIGTERM')
  return () => node.start()
}

async function still(program: LocalProgram): Promise<() => Promise<void>> {
  program.pause()
  return async () => program.resume()
}

async function wrongClock(node: LocalProgram, aheadMs: number): Promise<() => Promise<void>> {
  await node.restart({ NODE_OPTIONS: `--import ${CLOCK}`, CLOCK_AHEAD_MS: String(aheadMs) })
  return () => node.restart()
}

/** What may happen on any line. */
function onLines(part: keyof Links, where: string): Fault[] {
  return [
    onLink(part, `nothing passes ${where}, and connections are refused`, (link) => link.cut()),
    onLink(part, `nothing passes ${where}, and connections stand`, (link) => link.hold()),
    onLink(part, `the line ${where} swallows what goes one way`, (link, dice) => link.swallow(dice.pick(['up', 'down']))),
    onLink(part, `the line ${where} is slow`, (link, dice) => link.delay(1 + dice.below(DELAY_MS_MAX))),
    onLine(part, `the line ${where} breaks again and again, anywhere`, (dice) => breaksWithin(dice, BREAKS_WITHIN_BYTES)),
  ]
}

function onLine(part: keyof Links, name: string, deal: (dice: Dice) => Deal): Fault {
  return onLink(part, name, (link, dice) => link.deal(deal(dice)))
}

function onLink(part: keyof Links, name: string, act: (link: Link, dice: Dice) => void): Fault {
  return fault(name, async ({ links }, dice) => {
    const link = dice.pick(links[part])
    act(link, dice)
    return async () => link.restore()
  })
}

function cutAt(moment: Moment): Fault {
  return fault(`the line to PostgreSQL breaks ${moment.name}`, async ({ links }) => {
    await springs(links.postgres, moment, (_at, cut) => cut())
    return async () => {}
  })
}

/** Which of a cluster's programs; `at`: on which of the lines the moment has come. */
const PROGRAMS = {
  'a node': ({ nodes }: Cluster, at: number) => nodes[at]!,
  'PostgreSQL': ({ postgres }: Cluster) => postgres,
  'Redis': ({ redis }: Cluster) => redis,
}

const DEEDS = { 'is killed': killed, 'stands still': still }

function doneAt(moment: Moment, name: keyof typeof PROGRAMS, deed: keyof typeof DEEDS): Fault {
  return fault(`${name} ${deed} ${moment.name}`, async ({ cluster, links }) => {
    const { promise, resolve } = Promise.withResolvers<() => Promise<void>>()
    await springs(links[moment.on], moment, (at, cut) => {
      resolve(DEEDS[deed](PROGRAMS[name](cluster, at)))
      // What is killed cannot notice any more that its line is cut; of Redis none of these is one.
      if (deed === 'is killed' && name !== 'Redis') cut()
    })
    return promise
  })
}
