import { execFileSync } from 'node:child_process'
import { findBun } from '#programs/find-program.ts'
import { type Absent, alone, type Contestant, KEEPS_NOTHING, startPeer } from './contestant.ts'

export function bunPublish(): Contestant | Absent {
  const bun = findBun()
  if (bun === null) return { name: 'Bun', needs: '`npm install --no-save bun`, or BELFRY_BENCH_BUN to say where it is' }
  return {
    is: 'bun',
    name: `Bun ${execFileSync(bun, ['--version'], { encoding: 'utf8' }).trim()}, publish`,
    dialect: 'ws-loop',
    does: `${KEEPS_NOTHING}. Its server knows the followers and sends to them outside of JavaScript; told never to drop what waits for a slow one.`,
    plays: () => true,
    start: () => alone(startPeer('bun-publish.ts', { by: bun })),
  }
}
