import { breaks, breaksWithin } from '#checker/faults/deals.ts'
import type { Deal, Link } from '#checker/faults/link.ts'
import type { Dice } from '#dice.ts'
import type { LocalProgram } from '#programs/local-program.ts'
import type { SiteFault } from './site.ts'

const OFTEN = 0.25
const DELAY_MS_MAX = 200
const BREAKS_WITHIN_BYTES = 20_000

/** What may go wrong with a node that stands alone, and with the way to it. */
export function faultsOfNode(node: LocalProgram, link: Link): SiteFault[] {
  const onLink = (name: string, act: (dice: Dice) => void): SiteFault => ({
    name,
    async begin(dice) {
      act(dice)
      return async () => link.restore()
    },
  })
  const deals = (name: string, deal: (dice: Dice) => Deal) => onLink(name, (dice) => link.deal(deal(dice)))
  return [
    { name: 'a node is killed', begin: () => killed(node) },
    { name: 'a node stands still', begin: () => still(node) },
    onLink('nothing passes between clients and a node, and connections are refused', () => link.cut()),
    onLink('nothing passes between clients and a node, and connections stand', () => link.hold()),
    onLink('the line between clients and a node is slow', (dice) => link.delay(1 + dice.below(DELAY_MS_MAX))),
    deals('the line between clients and a node breaks again and again, anywhere', (dice) => breaksWithin(dice, BREAKS_WITHIN_BYTES)),
    deals('the line to a client breaks in the middle of a frame', (dice) => breaks(dice, OFTEN, { kind: 'frame' })),
  ]
}

async function killed(node: LocalProgram): Promise<() => Promise<void>> {
  await node.crash()
  return () => node.start()
}

async function still(node: LocalProgram): Promise<() => Promise<void>> {
  node.pause()
  return async () => node.resume()
}
