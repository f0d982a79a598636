import { describe, expect } from 'vitest'
import { journey } from './journey.ts'
import { confirms, dialog } from './pages.ts'
import { PATIENCE, type Screen } from './screen.ts'

describe('a conversation', () => {
  journey('[A3] of two comes with its first message, calls for the other, and is nobody else’s', async ({ world }) => {
    const [alice, bob, carol] = await world.inGeneral('alice', 'bob', 'carol')
    await begins(alice, 'Bob')
    await alice.seesText('What is written here nobody else reads.')
    await lists(bob, ['General'])
    await alice.writes('The zeppelin lands on Friday')
    await alice.isAllSent()

    await lists(bob, ['Alice, 1 for you', 'General'])
    await bob.rings(1)
    await bob.goesTo('Alice')
    await bob.sees('The zeppelin lands on Friday')
    await bob.rings(0)
    await bob.writes('I bring the rhubarb')
    await alice.sees('I bring the rhubarb')

    await beginsByKeys(bob, 'Alice')
    await bob.sees('The zeppelin lands on Friday')
    expect(await carol.person.received()).not.toMatch(/zeppelin|rhubarb/)
  })

  journey('of three is begun from one of two, grows, and who comes later sees what is written from then on', async ({ world }) => {
    const [alice, bob, carol, prachi] = await world.inGeneral('alice', 'bob', 'carol', 'prachi')
    await begins(alice, 'Bob', 'Carol')
    await alice.writes('Without Prachi, so far')
    await carol.goesTo('Alice and Bob')
    await carol.seesText('You, Alice and Bob')
    await carol.sees('Without Prachi, so far')
    await alice.page.getByRole('link', { name: 'About this conversation' }).click()
    await alice.page.getByLabel('Add people').fill('Prachi')
    await alice.button('Add Prachi').click()
    await alice.page.getByRole('list', { name: 'Members' }).getByText('Prachi', { exact: true }).waitFor()
    await carol.writes('Welcome, Prachi')
    await carol.isAllSent()
    await prachi.goesTo('Alice, Bob and Carol')
    await prachi.sees('Welcome, Prachi')
    expect(await prachi.person.received()).not.toContain('so far')
    await bob.goesTo('Alice, Carol and Prachi')
    await bob.sees('Without Prachi, so far', 'Welcome, Prachi')
  })

  journey('with somebody who is blocked ends; elsewhere what they write is folded', async ({ world }) => {
    const [alice, bob, carol] = await world.inGeneral('alice', 'bob', 'carol')
    await begins(alice, 'Bob')
    await alice.writes('Buy my bicycle')
    await bob.goesTo('Alice')
    await bob.page.getByRole('link', { name: 'About this conversation' }).click()
    const other = await bob.person.opens(new URL(bob.page.url()).pathname)
    for (const screen of [bob, other]) await screen.button('Block Alice…').click()
    await confirms(bob, 'Block Alice')
    await dialog(other).waitFor({ state: 'detached' })
    await bob.page.getByRole('link', { name: 'Back to the room' }).click()
    await bob.seesText('You have blocked Alice: nothing is written here until you end that.')
    await alice.writes('Please?')
    await alice.seesText('One of you has blocked the other: nothing is written here.')

    await alice.goesTo('General')
    await alice.writes('A bicycle for everybody')
    await bob.goesTo('General')
    await bob.seesText('Written by somebody you have blocked.')
    expect(await bob.message('A bicycle for everybody').count()).toBe(0)
    await carol.chooses('Answer', 'A bicycle for everybody')
    await carol.writes('How much?')
    const answer = bob.message('How much?')
    await answer.getByText('Written by somebody you have blocked.').waitFor()
    expect(await bob.page.locator('main').innerText()).not.toContain('A bicycle for everybody')
    await bob.button('Show it').click()
    await bob.sees('A bicycle for everybody')

    await bob.page.goto(`${bob.person.network.url}/account`)
    await bob.button('Unblock Alice').click()
    await bob.seesText('Alice can write to you again.')
    await bob.page.getByRole('list', { name: 'Blocked people' }).waitFor({ state: 'detached' })
    await alice.goesTo('Bob')
    await alice.writes('Never mind')
    await alice.isAllSent()
  })
})

describe('a name in a message', () => {
  journey('[W5] [N4] is offered while one writes, calls for whom it names, and reading the room answers the call', async ({ world }) => {
    const [alice, bob, carol] = await world.inGeneral('alice', 'bob', 'carol')
    for (const { page, person } of [bob, carol]) await page.goto(`${person.network.url}/account`)
    await alice.page.bringToFront()
    await alice.box.pressSequentially('Can you help, @bo')
    await alice.page.getByRole('option', { name: /Bob/ }).waitFor()
    await alice.box.press('Enter')
    await expect.poll(() => alice.box.inputValue(), PATIENCE).toBe('Can you help, @bob ')
    await alice.box.press('Enter')
    await alice.isAllSent()

    await bob.rings(1)
    await bob.opensInbox()
    await bob.item('Alice named you in General').waitFor()
    await bob.page.keyboard.press('Escape')
    await lists(bob, ['General, 1 for you'])
    await bob.goesTo('General')
    await bob.rings(0)
    await lists(bob, ['General'])
    await carol.rings(0)
    expect(await bob.message('Can you help').getByText('@bob').getAttribute('title')).toBe('Bob')

    await alice.chooses('Edit message', 'Can you help')
    const edit = alice.page.getByRole('textbox', { name: 'Edit message' })
    await edit.pressSequentially(' or @ca')
    await alice.page.getByRole('option', { name: /Carol/ }).waitFor()
    await edit.press('Enter')
    await expect.poll(() => edit.inputValue(), PATIENCE).toBe('Can you help, @bob or @carol ')
    await edit.press('Enter')
    await carol.rings(1)
  })

  journey(
    '[N4] of an edit rings also where one has read that far, until one comes there; what one makes unread again waits until then',
    async ({ world }) => {
      const [alice, carol] = await world.inGeneral('alice', 'carol')
      await alice.writes('Can you help')
      await carol.sees('Can you help')
      await carol.page.goto(`${carol.person.network.url}/account`)
      await alice.page.bringToFront()
      await alice.edits('Can you help', 'Can you help, @carol')
      await carol.rings(1)
      await lists(carol, ['General, 1 for you'])
      await carol.page.bringToFront()
      await carol.goesTo('General')
      await carol.rings(0)
      await lists(carol, ['General'])

      await carol.opensInbox()
      await carol.turnsTo('All')
      await carol.does('Mark as unread', 'Alice named you in General')
      await carol.rings(1)
      await carol.page.keyboard.press('Escape')
      await lists(carol, ['General, 1 for you'])
      await alice.page.bringToFront()
      await alice.writes('Anybody else')
      await carol.page.bringToFront()
      await carol.sees('Anybody else')
      await lists(carol, ['General, 1 for you'])
      await carol.page.goto(`${carol.person.network.url}/account`)
      await carol.goesTo('General')
      await carol.rings(0)
      await lists(carol, ['General'])
    },
  )

  journey('that merely stands there, or is written out, takes no key: Escape ends, Enter sends', async ({ world }) => {
    const [alice] = await world.inGeneral('alice')
    const { page, box } = alice
    const offered = page.getByRole('option')
    const edit = page.getByRole('textbox', { name: 'Edit message' })
    await world.says('alice', 'Who is @he')
    await alice.sees('Who is @he')
    await page.bringToFront()
    await box.press('ArrowUp')
    await edit.press('ArrowLeft')
    await edit.press('Escape')
    await edit.waitFor({ state: 'detached' })

    await box.pressSequentially('Thanks @bo')
    await offered.waitFor()
    await box.press('b')
    await offered.waitFor({ state: 'detached' })
    await box.press('Enter')
    await expect.poll(() => box.inputValue(), PATIENCE).toBe('')
    await alice.sees('Thanks @bob')
  })

  journey('that somebody begins to write is not taken for everybody, and who was reached stays reached', async ({ world }) => {
    const [alice] = await world.inGeneral('alice', 'carol', 'bob')
    const { box, page } = alice
    const reached = page.getByRole('option', { selected: true })
    await page.bringToFront()
    await box.pressSequentially('Thanks @')
    await page.getByRole('option', { name: /Bob/ }).waitFor()
    await box.press('ArrowUp')
    await expect.poll(() => reached.textContent(), PATIENCE).toContain('@here')
    await box.press('Escape')

    await box.fill('Thanks @ro')
    await box.press('Enter')
    expect(await box.inputValue()).not.toContain('@room')
    await box.fill('')
    await box.pressSequentially('@ro')
    await expect.poll(() => reached.textContent(), PATIENCE).toContain('Carol')
    await page.getByRole('option', { name: /@room/ }).waitFor()
  })

  journey('of everybody, and what one wants to hear of a room', async ({ world }) => {
    const [alice, bob, carol] = await world.inGeneral('alice', 'bob', 'carol')
    for (const screen of [bob, carol]) {
      await screen.page.bringToFront()
      await screen.page.getByRole('link', { name: 'About this room' }).click()
    }
    await carol.page.getByRole('radio', { name: 'Nothing' }).check()
    await carol.seesText('Saved.')
    await alice.writes('@room The cake is here')
    await alice.isAllSent()
    await bob.rings(1)
    await lists(carol, ['General, muted'])
    await carol.rings(0)
  })
})

describe('an answer', () => {
  journey('shows what it answers, leads there, and calls for who is answered', async ({ world }) => {
    const [alice, bob, carol] = await world.inGeneral('alice', 'bob', 'carol')
    await alice.writes('When do we meet?', 'And where?')
    await alice.isAllSent()
    await alice.page.goto(`${alice.person.network.url}/account`)
    await bob.chooses('Answer', 'When do we meet?')
    await bob.seesText('Answering Alice')
    await bob.writes('At noon')
    await carol.sees('At noon')
    const quote = carol.message('At noon').getByRole('link', { name: /Alice.*When do we meet\?/ })
    await carol.page.bringToFront()
    await carol.comesToRest()
    await quote.click()
    await carol.seesText('When do we meet?')
    await expect.poll(() => carol.page.url(), PATIENCE).toMatch(/\/rooms\/general\/[0-9a-f-]{36}$/)
    await alice.rings(1)
    await alice.opensInbox()
    await alice.item('Bob answered you in General').waitFor()

    await alice.page.goto(`${alice.person.network.url}/chat`)
    await alice.clicksUnder(alice.message('When do we meet?').first(), 'Delete message')
    await alice.page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click()
    await carol.message('At noon').getByText('A message that was deleted').waitFor()
  })

  journey(
    'stays one wherever its writer goes meanwhile, also after a reload, and leads from the end of a long room to its beginning and back',
    async ({ world }) => {
      await world.room({ id: 'tower', name: 'Tower', messages: 1_500 })
      const alice = await (await world.person('alice')).opens('/rooms/tower')
      await alice.isInView('#1500')
      const bob = await (await world.person('bob')).opens('/rooms/tower/tower-100')
      await answersFromAfar(bob, '#0100')
      await bob.seesText('Answering Carol')
      await bob.page.reload()
      await bob.seesText('Answering Carol')
      await bob.writes('That was long ago')
      await alice.isInView('That was long ago')
      await alice.page.bringToFront()
      await alice.message('That was long ago').getByRole('link', { name: /#0100/ }).click()
      for (const text of ['#0099', '#0100', '#0101']) await alice.isInView(text)
      await alice.page.goBack()
      for (const text of ['#1500', 'That was long ago']) await alice.isInView(text)
    },
  )

  journey('of what one does not see any more is none, which is said', async ({ world }) => {
    const [alice, bob] = await world.inGeneral('alice', 'bob')
    const { url } = alice.person.network
    const { request } = alice.person.context
    const send = (method: string, path: string, data = {}) =>
      request.fetch(`${url}/api/v1${path}`, { method, data, headers: { origin: url } })
    const room = (await (await send('POST', '/rooms', { name: 'Den', kind: 'closed', history: 'since-joined' })).json()) as { id: string }
    const me = (await (await bob.person.context.request.get(`${url}/api/v1/me`)).json()) as { id: string }
    await send('POST', `/rooms/${room.id}/members/${me.id}`)
    await alice.goesTo('Den')
    await alice.writes('Between us')
    await bob.goesTo('Den')
    await bob.chooses('Answer', 'Between us')
    await bob.box.fill('Of course')
    await send('DELETE', `/rooms/${room.id}/members/${me.id}`)
    await bob.seesText('This room is not open to you')
    await send('POST', `/rooms/${room.id}/members/${me.id}`)
    await bob.seesText('You do not see the message any more that you were answering.')
    await bob.seesNo('Answering')
    expect(await bob.box.inputValue()).toBe('Of course')
  })

  journey('of what is deleted far from where one is now ends too', async ({ world }) => {
    await world.room({ id: 'tower', name: 'Tower', messages: 1_500 })
    const [alice, bob] = [await world.person('alice'), await world.person('bob')]
    const [answering, deleting] = [await alice.opens('/rooms/tower/tower-103'), await bob.opens('/rooms/tower/tower-103')]
    await answersFromAfar(answering, '#0103')
    await answering.seesText('Answering Bob')
    await deleting.box.waitFor()
    await deleting.deletes('#0103')
    await answering.seesText('The message that you were answering was deleted.')
    await answering.seesNo('Answering')
  })

  journey('of what is deleted while one writes is none any more, which is said; what one has written stays', async ({ world }) => {
    const [alice, bob] = await world.inGeneral('alice', 'bob')
    await alice.writes('When do we meet?')
    await bob.chooses('Answer', 'When do we meet?')
    await bob.box.fill('At noon')
    await alice.deletes('When do we meet?')
    await bob.seesText('The message that you were answering was deleted.')
    await bob.seesNo('Answering Alice')
    expect(await bob.box.inputValue()).toBe('At noon')
  })
})

describe('a guest', () => {
  journey('[A1] sees the rooms alone that they are brought into, and the people there', async ({ world }) => {
    await world.belfry('user', 'role', 'prachi', 'guest')
    const [alice, bob] = await world.inGeneral('alice', 'bob')
    const prachi = await (await world.person('prachi')).opens('/chat')
    await prachi.seesText('You are a guest here')
    await prachi.page.goto(`${prachi.person.network.url}/browse`)
    await prachi.seesText('The rooms that you were brought into.')
    expect(await prachi.button('New room').count()).toBe(0)
    for (const path of ['/rooms/nowhere', '/admin', '/nowhere']) {
      await prachi.page.goto(prachi.person.network.url + path)
      await prachi.page.getByRole('link', { name: 'Go to your rooms' }).click()
      await prachi.seesText('You are a guest here')
    }
    await bob.writes('Among ourselves: the zeppelin is late')
    await bob.isAllSent()
    await alice.page.bringToFront()
    await alice.button('New room').click()
    await dialog(alice).getByLabel('Name', { exact: true }).fill('Suppliers')
    await confirms(alice, 'Make room')
    await alice.page.getByRole('link', { name: 'About this room' }).click()
    await alice.page.getByLabel('Add people').fill('Prachi')
    await alice.button('Add Prachi').click()
    await alice.page.getByRole('list', { name: 'Members' }).getByText('Prachi', { exact: true }).waitFor()
    await alice.page.getByRole('link', { name: 'Back to the room' }).click()
    await alice.page.getByRole('heading', { name: 'Suppliers', level: 1 }).waitFor()
    await alice.writes('Welcome, @prachi')

    await prachi.page.getByRole('heading', { name: 'Suppliers', level: 1 }).waitFor()
    await prachi.sees('Welcome, @prachi')
    await prachi.seesText('Everyone on this server but guests can read this room and join it.')
    await lists(prachi, ['Suppliers'])
    await prachi.page.bringToFront()
    await prachi.page.keyboard.press('Control+k')
    await prachi.page.getByRole('combobox').fill('b')
    await prachi.page.getByText('Nothing here is called that.').waitFor()
    await prachi.page.keyboard.press('Escape')
    await dialog(prachi).waitFor({ state: 'detached' })
    await prachi.writes('Thank you')
    await alice.sees('Thank you')
    expect(await prachi.person.received()).not.toMatch(/zeppelin|"name":"Bob"/)
  })
})

describe('keys', () => {
  journey('lead to any room or person, up and down the list, and are listed', async ({ world }) => {
    const [alice, bob] = await world.inGeneral('alice', 'bob')
    await alice.page.bringToFront()
    await alice.page.keyboard.press('Control+k')
    await alice.page.getByRole('combobox', { name: 'Room or person' }).fill('bo')
    await alice.page.getByRole('option', { name: /Bob/ }).waitFor()
    await alice.page.keyboard.press('Enter')
    await alice.page.getByRole('heading', { name: 'Bob', level: 1 }).waitFor()
    await alice.page.keyboard.press('Alt+ArrowUp')
    await alice.page.getByRole('heading', { name: 'General', level: 1 }).waitFor()
    await alice.page.keyboard.press('Alt+ArrowDown')
    await alice.page.getByRole('heading', { name: 'Bob', level: 1 }).waitFor()
    await bob.writes('Something new')
    await expect.poll(() => alice.rooms.filter({ hasText: 'General' }).textContent(), PATIENCE).toContain('1 unread')
    await alice.page.bringToFront()
    await alice.page.keyboard.press('Control+k')
    await alice.page.getByRole('option', { name: /General.*1 unread/ }).waitFor()
    await alice.page.keyboard.press('Escape')
    await alice.page.keyboard.press('Alt+Shift+ArrowDown')
    await alice.sees('Something new')
    // In the box a question mark is a letter.
    await alice.page.getByRole('button', { name: /^Account/ }).click()
    await alice.page.getByRole('menuitem', { name: 'Shortcuts' }).click()
    await dialog(alice).getByText('The next unread below').waitFor()
    await alice.page.keyboard.press('Escape')
    await dialog(alice).waitFor({ state: 'detached' })
    await alice.page.evaluate(() => (document.activeElement as HTMLElement).blur())
    await alice.page.keyboard.press('?')
    await dialog(alice).getByText('The next unread below').waitFor()
    await alice.page.keyboard.press('Escape')
    await dialog(alice).waitFor({ state: 'detached' })
  })
})

/** Begins an answer far back in the tower, and goes to its latest. */
async function answersFromAfar(screen: Screen, text: string): Promise<void> {
  await screen.isInView(text)
  await screen.chooses('Answer', text)
  await screen.button('Jump to latest').click()
  await screen.isInView('#1500')
}

async function begins(screen: Screen, ...names: string[]): Promise<void> {
  await screen.page.bringToFront()
  await screen.button('New conversation').click()
  for (const name of names) {
    await dialog(screen).getByLabel('Find people').fill(name)
    await dialog(screen).getByRole('list', { name: 'Found' }).getByRole('button', { name }).click()
  }
  await confirms(screen, 'Open')
}

/** The same without a pointer: Enter takes the first who is found, and then opens. */
async function beginsByKeys(screen: Screen, name: string): Promise<void> {
  await screen.page.bringToFront()
  await screen.button('New conversation').focus()
  await screen.page.keyboard.press('Enter')
  await dialog(screen).waitFor()
  await screen.page.keyboard.type(name)
  await dialog(screen).getByRole('list', { name: 'Found' }).getByRole('button', { name }).waitFor()
  await screen.page.keyboard.press('Enter')
  await dialog(screen)
    .getByRole('button', { name: `Take ${name} out` })
    .waitFor()
  await screen.page.keyboard.press('Enter')
  await dialog(screen).waitFor({ state: 'detached' })
}

/** The rooms in the list, without the letters of faces and how much is unread. */
async function lists(screen: Screen, rooms: string[]): Promise<void> {
  const names = async () =>
    (await screen.rooms.allTextContents()).map((text) => text.replace(/^[A-Z](?=[A-Z])/, '').replace(/, \d+ unread$/, ''))
  await expect.poll(names, PATIENCE).toEqual(rooms)
}
