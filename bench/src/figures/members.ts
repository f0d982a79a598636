import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Shape } from '#load/job.ts'
import { generate, type Workshop } from '#measure.ts'
import { makePeople, type PeopledFolder, startBelfry } from '#programs/belfry-server.ts'
import { inWords } from '#scenarios.ts'
import { spread } from '#statistics.ts'
import { inEitherOrder } from './either-order.ts'
import type { Figure } from './figure.ts'

const [FEW, MANY] = [10, 10_000]
const RATIO_MAX = 1.2
const SHAPE: Shape = { is: 'acknowledged', warmUpMs: 1_000, measureMs: 2_000 }

/** Whether a post's answer takes longer where more are members: one sends, one follows, the others are away. */
export async function members(runs: number, workshop: Workshop): Promise<Figure[]> {
  workshop.progress(`A room with ${inWords(MANY)} members is made`)
  const few = await makePeople(join(workshop.root, 'few'), { people: FEW })
  const many = await makePeople(join(workshop.root, 'many'), { people: MANY })
  const ratios: number[] = []
  for (let run = 0; run < runs; run++) {
    workshop.progress(`A post where few and where many are members: run ${run + 1} of ${runs}`)
    const [ofMany, ofFew] = await inEitherOrder(run, [() => acknowledgedMs(many, workshop), () => acknowledgedMs(few, workshop)])
    ratios.push(ofMany / ofFew)
  }
  const what = `Time until a post is acknowledged, ${inWords(MANY)} members ÷ ${FEW}`
  return [{ what, unit: '×', spread: spread(ratios), atMost: RATIO_MAX, part: 'members' }]
}

/** On the average of all that fit into the time. */
async function acknowledgedMs({ tokens, rooms, copyTo }: PeopledFolder, { root }: Workshop): Promise<number> {
  const folder = join(root, 'acknowledging')
  copyTo(folder)
  try {
    await using server = await startBelfry({ folder, web: 'off' })
    const { port, pid } = server
    const { figures } = await generate({
      dialect: 'belfry',
      ports: [port],
      serverPids: [pid],
      tokens,
      rooms,
      followers: 1,
      senders: 1,
      shape: SHAPE,
    })
    return 1_000 / figures.aSecond!
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
