import { describe, expect } from 'vitest'
import { neverAfter } from './browser.ts'
import { journey } from './journey.ts'
import { during } from './pages.ts'
import { type Screen, PATIENCE } from './screen.ts'
import type { World } from './world.ts'

/** A WebSocket that has not opened within this time is given up. */
const SOCKET_WITHIN_MS = 5_000
/** And any connection that nobody has welcomed. */
const WELCOME_WITHIN_MS = 20_000

/** Each of them behind a proxy that knows no WebSockets, looking at General. */
async function behindProxies<const Names extends readonly string[]>(
  world: World,
  ...usernames: Names
): Promise<{ [at in keyof Names]: Screen }> {
  const screens = await Promise.all(
    usernames.map(async (username) => {
      const person = await world.person(username)
      person.network.block('refused')
      // That it is refused brings the stream on, and not that it takes too long.
      await person.context.addInitScript(neverAfter, SOCKET_WITHIN_MS)
      return person.opens('/chat')
    }),
  )
  await Promise.all(screens.map((screen) => screen.log.waitFor()))
  return screens as { [at in keyof Names]: Screen }
}

describe('where WebSockets do not get through', () => {
  journey('a proxy refuses them: two people talk, edit and delete, as if nothing were', async ({ world }) => {
    const [alice, bob] = await behindProxies(world, 'alice', 'bob')
    await alice.writes('Good morning', 'Lunch?')
    await bob.sees('Good morning', 'Lunch?')
    await bob.writes('At noon')
    await alice.sees('At noon')
    await alice.isAllSent()
    await alice.edits('Good morning', 'Good evening')
    await alice.chooses('Delete message', 'Lunch?')
    await alice.page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click()
    for (const screen of [alice, bob]) {
      await screen.seesExactly('Good evening(edited)', 'At noon')
      expect(screen.person.tries).toEqual(['socket', 'stream'])
      expect(await screen.page.getByText(/Connection lost|Connecting again/).count()).toBe(0)
    }
  })

  journey('a proxy swallows them in silence: the stream stands in after five seconds', async ({ world }) => {
    const alice = await world.person('alice')
    alice.network.block('swallowed')
    // It is these five seconds that bring the stream on, and not the time that a stream would have.
    await alice.context.addInitScript(neverAfter, WELCOME_WITHIN_MS)
    const screen = await alice.opens('/chat')
    await screen.log.waitFor()
    await screen.writes('Hello')
    await screen.sees('Hello')
    await screen.isAllSent()
    expect(alice.tries.slice(0, 2)).toEqual(['socket', 'stream'])
  })

  journey(
    '[N1] [N3] a bell rings there too, for one person alone, and what is read on one device is read on the other',
    async ({ world }) => {
      const [prachi, aman] = await behindProxies(world, 'prachi', 'aman')
      const phone = await (await world.person('prachi')).opens('/inbox')
      const secret = 'Salary review 7f3a'
      await during(prachi.toasts.getByText(secret).waitFor(), () => world.notifies('prachi', secret))
      await prachi.rings(1)
      await phone.item(secret).waitFor()
      await phone.does('Mark as read', secret)
      await prachi.rings(0)
      await prachi.writes('Did anybody else hear that?')
      await aman.sees('Did anybody else hear that?')
      expect(await prachi.person.received()).toContain(secret)
      expect(await aman.person.received()).not.toContain('7f3a')
    },
  )

  journey('[W8] [F1] lines are cut and go dead: what was written is sent once and in order, what was missed comes', async ({ world }) => {
    const [alice, bob] = await behindProxies(world, 'alice', 'bob')
    await alice.writes('Before')
    await bob.sees('Before')
    alice.person.network.cut()
    await alice.seesText(/Connection lost\.|Connecting again…/)
    await alice.writes('One', 'Two')
    await alice.seesText('2 messages will be sent when you are back.')
    await bob.posts('Meanwhile')
    alice.person.network.restore()
    await bob.seesExactly('Before', 'Meanwhile', 'One', 'Two')
    await alice.seesExactly('Before', 'Meanwhile', 'One', 'Two')

    alice.person.network.goDead()
    await alice.writes('Three')
    await bob.posts('Four')
    await alice.message('Three').getByText('Sending…').waitFor()
    alice.person.network.restore()
    await bob.seesExactly('Before', 'Meanwhile', 'One', 'Two', 'Four', 'Three')
    await alice.seesExactly('Before', 'Meanwhile', 'One', 'Two', 'Four', 'Three')
    await alice.isAllSent()
    expect(alice.person.tries.at(-1)).toBe('stream')
  })

  journey('[W2] [P5] a server that stops or is killed loses nothing, and its people come back to the next one', async ({ world }) => {
    const [alice, bob] = await behindProxies(world, 'alice', 'bob')
    await world.server.stop()
    await alice.writes('Is anybody there?')
    await alice.message('Is anybody there?').getByText('Sending…').waitFor()
    await world.server.start()
    await bob.sees('Is anybody there?')
    const texts = Array.from({ length: 6 }, (_, at) => `Line ${at + 1}`)
    await Promise.all([alice.writes(...texts), world.server.kill()])
    await world.server.start()
    for (const screen of [alice, bob]) await screen.seesExactly('Is anybody there?', ...texts)
    await alice.isAllSent()
  })

  journey('[A4] the end of the session closes the page there too', async ({ world }) => {
    const [prachi] = await behindProxies(world, 'prachi')
    await world.belfry('user', 'disable', 'prachi')
    await prachi.page.getByRole('heading', { name: 'You are signed out' }).waitFor()
  })

  journey('on a network that lets them pass, the page goes over to a WebSocket', async ({ world }) => {
    const [alice, bob] = await behindProxies(world, 'alice', 'bob')
    await alice.person.context.setOffline(true)
    alice.person.network.cut()
    await alice.seesText('Offline.')
    alice.person.network.block(null)
    alice.person.network.restore()
    await alice.person.context.setOffline(false)
    await alice.writes('From elsewhere')
    await bob.sees('From elsewhere')
    await expect.poll(() => alice.person.tries.at(-1), PATIENCE).toBe('socket')
    await bob.writes('Welcome')
    await alice.sees('Welcome')
  })
})
