import { describe, expect } from 'vitest'
import { journey } from './journey.ts'
import { PATIENCE } from './screen.ts'

describe('connection trouble', () => {
  journey('[W8] what is written while the connection is cut is sent afterwards, once and in order', async ({ world }) => {
    const [alice, bob] = await world.inGeneral('alice', 'bob')
    await alice.writes('Before')
    await bob.sees('Before')

    alice.person.network.cut()
    await alice.seesText(/Connection lost\.|Connecting again…/)
    await alice.writes('One', 'Two')
    await alice.seesText('2 messages will be sent when you are back.')
    expect(await alice.log.getByText('Sending…').count()).toBe(2)
    await bob.posts('Meanwhile')

    alice.person.network.restore()
    await bob.seesExactly('Before', 'Meanwhile', 'One', 'Two')
    await alice.seesExactly('Before', 'Meanwhile', 'One', 'Two')
    await alice.seesNo('will be sent when you are back')
  })

  journey('[W8] offline, a page says so; what it could not send is sent by the next one', async ({ world }) => {
    const [alice, bob] = await world.inGeneral('alice', 'bob')
    await alice.person.context.setOffline(true)
    alice.person.network.cut()
    await alice.seesText('Offline.')
    await alice.writes('From the train')
    await alice.seesText('Offline. 1 message will be sent when you are back.')
    await alice.page.close()

    alice.person.network.restore()
    await alice.person.context.setOffline(false)
    const again = await alice.person.opens('/chat')
    await bob.seesExactly('From the train')
    await again.seesExactly('From the train')
    await again.isAllSent()
  })

  journey('[W2] [F1] a server that is killed loses nothing that it acknowledged, and doubles nothing', async ({ world }) => {
    const [alice, bob] = await world.inGeneral('alice', 'bob')
    const texts = Array.from({ length: 8 }, (_, at) => `Line ${at + 1}`)
    await alice.writes(...texts.slice(0, 2))
    await bob.sees('Line 2')
    await alice.isAllSent()
    await Promise.all([alice.writes(...texts.slice(2, 6)), world.server.kill()])
    await alice.writes(...texts.slice(6))
    await alice.seesText('will be sent when you are back.')

    await world.server.start()
    await bob.seesExactly(...texts)
    await alice.seesExactly(...texts)
    await alice.isAllSent()
  })

  journey('a server that stops says so, and its people come back to the next one', async ({ world }) => {
    const [alice, bob] = await world.inGeneral('alice', 'bob')
    await world.server.stop()
    await alice.writes('Is anybody there?')
    await alice.message('Is anybody there?').getByText('Sending…').waitFor()
    await world.server.start()
    await bob.sees('Is anybody there?')
    await alice.isAllSent()
  })

  journey('[W3] an edit that crossed another one is refused: its author decides, and can try again', async ({ world }) => {
    const [laptop] = await world.inGeneral('alice')
    await laptop.writes('Draft')
    await laptop.isAllSent()
    const person = await world.person('alice')
    const phone = await person.opens('/chat')
    await phone.sees('Draft')
    person.network.cut()
    await phone.seesText(/Connection lost\.|Connecting again…/)
    await phone.edits('Draft', 'As the phone says')
    await phone.message('As the phone says').getByText('Saving…').waitFor()
    await laptop.edits('Draft', 'As the laptop says')
    await laptop.isAllSent()
    await laptop.message('As the laptop says').getByText('(edited)').waitFor()

    person.network.restore()
    await phone.message('As the phone says').getByText('Not saved').waitFor()
    expect(await laptop.bodies()).toEqual(['As the laptop says(edited)'])
    await phone.button('Try again').click()
    await laptop.seesExactly('As the phone says(edited)')
    await phone.seesExactly('As the phone says(edited)')
  })

  journey(
    '[W3] of a message that is not on the screen any more a refused edit is said below, leads there, and can be given up',
    async ({ world }) => {
      await world.history(Array.from({ length: 400 }, (_, at) => ({ by: 'alice', body: `Line ${at + 1}.`, at: Date.now() })))
      const [laptop] = await world.inGeneral('alice')
      const person = await world.person('alice')
      const { url } = person.network
      const { items } = await (await person.context.request.get(`${url}/api/v1/rooms/general/messages?before=2`)).json()
      const phone = await person.opens(`/rooms/general/${items[0].id}`)
      await phone.isInView('Line 1.')
      person.network.cut()
      await phone.seesText(/Connection lost\.|Connecting again…/)
      await phone.edits('Line 1.', 'As the phone says')
      await phone.button('Jump to latest').click()
      await phone.isInView('Line 400.')
      await laptop.page.goto(`${laptop.person.network.url}/rooms/general/${items[0].id}`)
      await laptop.edits('Line 1.', 'As the laptop says')
      await laptop.message('As the laptop says').getByText('(edited)').waitFor()

      person.network.restore()
      await phone.seesText('A change to another message was not saved.')
      await phone.page.getByRole('link', { name: 'Show the message' }).click()
      await phone.message('As the phone says').getByText('Not saved').waitFor()
      await phone.seesNo('A change to another message')
      await phone.button('Jump to latest').click()
      await phone.button('Discard change').click()
      await phone.seesNo('A change to another message')
      await phone.page.goto(`${url}/rooms/general/${items[0].id}`)
      await phone.sees('As the laptop says')
    },
  )

  journey('[W3] a message that waited for more than 30 days is refused: its author decides', async ({ world }) => {
    const [alice] = await world.inGeneral('alice')
    alice.person.network.cut()
    await alice.seesText(/Connection lost\.|Connecting again…/)
    await alice.writes('Long ago', 'Longer ago')
    await alice.hasKept(2)
    await alice.page.evaluate(agesTheOutbox)
    await alice.page.close()

    alice.person.network.restore()
    const again = await alice.person.opens('/chat')
    const first = again.message('Long ago')
    await first.getByText('Not sent').waitFor()
    await first.getByText('more than 30 days').waitFor()
    await first.getByRole('button', { name: 'Try again' }).click()
    await again.comesToRest()
    await again.message('Longer ago').getByRole('button', { name: 'Discard' }).click()
    await expect.poll(() => again.bodies(), PATIENCE).toEqual(['Long ago'])
    await again.isAllSent()
    expect(await again.box.inputValue()).toBe('Longer ago')
  })
})

/** As if what waits had been written in January 2020: an id says when it was made. */
async function agesTheOutbox(): Promise<void> {
  const name = (await indexedDB.databases()).map((database) => database.name ?? '').find((one) => one.startsWith('belfry:'))!
  const database = await new Promise<IDBDatabase>((resolve) => {
    const request = indexedDB.open(name)
    request.onsuccess = () => resolve(request.result)
  })
  const transaction = database.transaction('outbox', 'readwrite')
  const outbox = transaction.objectStore('outbox')
  const all = outbox.getAll()
  all.onsuccess = () => {
    for (const entry of all.result) {
      outbox.delete(entry.entryId)
      const id = `016f5e66-e800${entry.entryId.slice(13)}`
      outbox.put({ ...entry, entryId: id, input: { ...entry.input, id } })
    }
  }
  await new Promise((resolve) => (transaction.oncomplete = resolve))
  database.close()
}
