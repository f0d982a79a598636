import { alone, type Contestant, startPeer } from './contestant.ts'

/** What Belfry does besides, nobody else of these does; this shows what it costs. */
export const least: Contestant = {
  is: 'least',
  name: 'The least that stores',
  dialect: 'ws-loop',
  does: 'seventy lines of ours, on one thread: stores all that has arrived in a turn of the loop together (`synchronous=FULL`), before anybody sees it, and writes to each socket once; knows nobody, numbers nothing that a follower could check, resumes nothing.',
  plays: ({ part }) => part !== 'latency',
  start: ({ folder }) => alone(startPeer('least.ts', { more: [folder] })),
}
