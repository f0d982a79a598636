import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import type { DialectName } from '#load/job.ts'
import { type PeopledFolder, startBelfry } from '#programs/belfry-server.ts'
import { freePort, type Program, startProgram } from '#programs/program.ts'

/** A program that is measured, in its own process. */
export interface Contestant {
  name: string
  dialect: DialectName
  /** What it does and does not do, so that nobody compares the figures alone. */
  does: string
  start(run: Run): Promise<Program>
}

/** What a contestant may need for one run. */
export interface Run {
  people: PeopledFolder
  /** Not there yet, and thrown away after the run. */
  folder: string
}

export const belfryContestant: Contestant = {
  name: 'Belfry',
  dialect: 'belfry',
  does: 'stores each message before anybody sees it (`synchronous=FULL`), numbers it, checks session and membership, resumes from a position; sends the whole row.',
  async start({ people, folder }) {
    people.copyTo(folder)
    return startBelfry({ folder, web: 'off' })
  },
}

/** Belfry first: the others are compared with it. */
export const contestants: Contestant[] = [
  belfryContestant,
  {
    name: `ws ${versionOf('ws')} in a loop`,
    dialect: 'ws-loop',
    does: 'stores nothing, knows nobody, has no order that could be checked, resumes nothing: who was away has lost what was said. Frames the message once, then sends it to each.',
    start: () => startPeer('ws-loop'),
  },
  {
    name: `Socket.IO ${versionOf('socket.io')}`,
    dialect: 'socket-io',
    does: 'stores nothing, knows nobody, has no order that could be checked; connection state recovery is off, as it is by default. WebSocket only, no pings during a run.',
    start: () => startPeer('socket-io'),
  },
]

async function startPeer(name: 'ws-loop' | 'socket-io'): Promise<Program> {
  const port = await freePort()
  return startProgram([process.execPath, fileURLToPath(new URL(`./peers/${name}.ts`, import.meta.url)), String(port)], { port })
}

function versionOf(dependency: string): string {
  return (createRequire(import.meta.url)(`${dependency}/package.json`) as { version: string }).version
}
