import { startBelfry } from '#programs/belfry-server.ts'
import { alone, type Contestant } from './contestant.ts'

export const belfryContestant: Contestant = {
  is: 'belfry',
  name: 'Belfry',
  dialect: 'belfry',
  does: 'stores each message before anybody sees it (`synchronous=FULL`), numbers it, checks session and membership, resumes from a position; names message, author and time. What was stored together is told in one frame.',
  plays: () => true,
  start({ people, folder }) {
    people.copyTo(folder)
    return alone(startBelfry({ folder, web: 'off' }))
  },
}
