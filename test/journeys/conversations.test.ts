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

    await begins(bob, 'Alice')
    await bob.sees('The zeppelin lands on Friday')
    expect(await carol.person.received()).not.toMatch(/zeppelin|rhubarb/)
  })

  journey('of three is begun from one of two, grows, and who comes later sees what is written from then on', async ({ world }) => {
    const [alice, bob, carol, prachi] = await world.inGeneral('alice', 'bob', 'carol', 'prachi')
    await begins(alice, 'Bob', 'Carol')
    await alice.writes('Without Prachi, so far')
    await carol.goesTo('Alice and Bob')
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
    const [alice, bob] = await world.inGeneral('alice', 'bob')
    await begins(alice, 'Bob')
    await alice.writes('Buy my bicycle')
    await bob.goesTo('Alice')
    await bob.page.getByRole('link', { name: 'About this conversation' }).click()
    await bob.button('Block Alice…').click()
    await confirms(bob, 'Block Alice')
    await bob.page.getByRole('link', { name: 'Back to the room' }).click()
    await bob.seesText('You have blocked Alice: nothing is written here until you end that.')
    await alice.writes('Please?')
    await alice.seesText('One of you has blocked the other: nothing is written here.')

    await alice.goesTo('General')
    await alice.writes('A bicycle for everybody')
    await bob.goesTo('General')
    await bob.seesText('Written by somebody you have blocked.')
    expect(await bob.message('A bicycle for everybody').count()).toBe(0)
    await bob.button('Show it').click()
    await bob.sees('A bicycle for everybody')
  })
})

describe('a name in a message', () => {
  journey('[W5] [N4] is offered while one writes, calls for whom it names, and reading the room answers the call', async ({ world }) => {
    const [alice, bob, carol] = await world.inGeneral('alice', 'bob', 'carol')
    await bob.page.goto(`${bob.person.network.url}/account`)
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
    await quote.click()
    await carol.seesText('When do we meet?')
    await expect.poll(() => carol.page.url(), PATIENCE).toMatch(/\/rooms\/general\/[0-9a-f-]{36}$/)
    await alice.rings(1)
    await alice.opensInbox()
    await alice.item('Bob answered you in General').waitFor()

    await alice.page.goto(`${alice.person.network.url}/chat`)
    const question = alice.message('When do we meet?').first()
    await question.hover()
    await question.getByRole('button', { name: 'Delete message' }).click()
    await alice.page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click()
    await carol.message('At noon').getByText('A message that was deleted').waitFor()
  })
})

describe('a guest', () => {
  journey('[A1] sees the rooms alone that they are brought into, and the people there', async ({ world }) => {
    await world.belfry('user', 'role', 'prachi', 'guest')
    const [alice, bob] = await world.inGeneral('alice', 'bob')
    const prachi = await (await world.person('prachi')).opens('/chat')
    await prachi.seesText('You are a guest here')
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
    await alice.page.keyboard.press('Alt+Shift+ArrowDown')
    await alice.sees('Something new')
    await alice.page.evaluate(() => (document.activeElement as HTMLElement).blur())
    await alice.page.keyboard.press('?')
    await dialog(alice).getByText('The next room with something new').waitFor()
    await alice.page.keyboard.press('Escape')
    await dialog(alice).waitFor({ state: 'detached' })
  })
})

async function begins(screen: Screen, ...names: string[]): Promise<void> {
  await screen.page.bringToFront()
  await screen.button('New conversation').click()
  for (const name of names) {
    await dialog(screen).getByLabel('Find people').fill(name)
    await dialog(screen).getByRole('list', { name: 'Found' }).getByRole('button', { name }).click()
  }
  await confirms(screen, 'Open')
}

/** The rooms in the list, without the letters of faces and how much is unread. */
async function lists(screen: Screen, rooms: string[]): Promise<void> {
  const names = async () =>
    (await screen.rooms.allTextContents()).map((text) => text.replace(/^[A-Z](?=[A-Z])/, '').replace(/, \d+ unread$/, ''))
  await expect.poll(names, PATIENCE).toEqual(rooms)
}
