import { describe } from 'vitest'
import { journey } from './journey.ts'
import { PHONE } from './person.ts'
import { lists } from './pages.ts'
import type { Screen } from './screen.ts'
import type { World } from './world.ts'

describe('on a phone', () => {
  journey('nobody reads a room that the list covers, not by Esc either: it is counted, and rings', async ({ world }) => {
    const laptop = await (await world.person('alice')).opens('/inbox')
    const [bob] = await world.inGeneral('bob')
    await bob.writes('Seen')
    await lists(laptop, ['General, 1 unread'])
    const alice = await opensOnPhone(world)
    await alice.sees('Seen')
    await lists(laptop, ['General'])
    await toList(alice)
    await lists(alice, ['General'])
    await bob.writes('Come here, @alice')
    await bob.isAllSent()
    await lists(alice, ['General, 1 for you'])
    await alice.page.keyboard.press('Escape')
    await laptop.item('Bob named you in General').waitFor()
    for (const screen of [alice, laptop]) await lists(screen, ['General, 1 for you'])

    await alice.rooms.first().tap()
    await alice.isInView('Come here, @alice')
    await laptop.seesAllRead()
    await lists(laptop, ['General'])
  })

  journey('whoever comes from the list into the room beneath it comes to what is new there', async ({ world }) => {
    const alice = await opensOnPhone(world)
    await toList(alice)
    await lists(alice, ['General'])
    await world.says('bob', ...Array.from({ length: 60 }, (_, at) => `New ${at + 101}`))
    await lists(alice, ['General, 60 unread'])
    await alice.rooms.first().tap()
    await alice.isInView('New 101')
    await toList(alice)
    await lists(alice, ['General, 60 unread'])
  })

  journey('what is made unread in a room is read by whoever comes back from the list', async ({ world }) => {
    const alice = await opensOnPhone(world)
    const desk = await (await world.person('alice')).opens('/chat')
    await world.says('bob', 'One', 'Two', 'Three')
    for (const screen of [alice, desk]) await screen.sees('Three')
    await lists(desk, ['General'])
    await desk.chooses('Mark unread from here', 'Two')
    await lists(desk, ['General, 2 unread'])
    await toList(alice)
    await lists(alice, ['General, 2 unread'])
    await alice.rooms.first().tap()
    await lists(desk, ['General'])

    // Also where it is made unread while the list lies over it.
    await toList(alice)
    await lists(alice, ['General'])
    await desk.chooses('Mark unread from here', 'Three')
    await lists(alice, ['General, 1 unread'])
    await alice.rooms.first().tap()
    await lists(desk, ['General'])
  })

  journey('the list of rooms says that the connection is lost', async ({ world }) => {
    const alice = await opensOnPhone(world)
    await toList(alice)
    alice.person.network.cut()
    await alice.page
      .getByRole('status')
      .filter({ hasText: /Connection lost/ })
      .filter({ visible: true })
      .waitFor()
    alice.person.network.restore()
    await alice.page.getByRole('status').filter({ visible: true }).waitFor({ state: 'detached' })
  })
})

async function opensOnPhone(world: World): Promise<Screen> {
  const alice = await (await world.person('alice', PHONE)).opens('/rooms/general')
  await alice.log.waitFor()
  return alice
}

async function toList({ page }: Screen): Promise<void> {
  await page.bringToFront()
  await page.getByRole('link', { name: 'Rooms' }).tap()
}
