import { describe, expect } from 'vitest'
import { journey } from './journey.ts'
import { becomes, confirms, dialog, fillsIn } from './pages.ts'
import { PATIENCE, type Screen } from './screen.ts'

describe('a closed room', () => {
  journey('[A2] [A3] comes to whoever is added, goes from whoever is removed, and nobody else learns of it', async ({ world }) => {
    const [alice, bob, carol] = await world.inGeneral('alice', 'bob', 'carol')
    await makesRoom(alice, { 'Name': 'Surprise', 'What it is for': 'For the birthday' }, 'Its members alone')
    await alice.writes('Do not tell')
    await alice.isAllSent()
    const path = new URL(alice.page.url()).pathname

    await opensAbout(alice)
    await adds(alice, 'Bob')
    await lists(bob, ['General', 'Surprise, closed'])
    await bob.goesTo('Surprise')
    await bob.sees('Do not tell')
    await bob.writes('I bring the cake')
    await bob.isAllSent()

    await carol.page.goto(carol.person.network.url + path)
    await carol.seesText('This room is not open to you')
    await browses(carol)
    expect(await carol.page.locator('main').innerText()).not.toContain('Surprise')
    await lists(carol, ['General'])

    bob.person.network.cut()
    await bob.writes('And the candles')
    await alice.page.bringToFront()
    await alice.button('Remove Bob').click()
    await confirms(alice, 'Remove')
    bob.person.network.restore()
    await bob.seesText('This room is not open to you')
    await bob.seesText('And the candles')
    await bob.button('Discard').click()
    await bob.page.getByText('And the candles').waitFor({ state: 'detached' })
    await lists(bob, ['General'])
    await alice.page.goto(alice.person.network.url + path)
    await alice.writes('Now without Bob')
    await alice.isAllSent()
    for (const screen of [bob, carol]) expect(await screen.person.received()).not.toContain('Now without Bob')
    expect(await carol.person.received()).not.toMatch(/Surprise|birthday|Do not tell/)
  })

  journey('[A3] that was open goes from the list of all rooms while somebody looks at it, as it came', async ({ world }) => {
    const [alice, bob] = await world.inGeneral('alice', 'bob')
    await browses(bob)
    const plans = bob.page.getByRole('main').getByRole('link', { name: 'Plans' })
    await makesRoom(alice, { Name: 'Plans' }, 'Everyone')
    await plans.waitFor()
    await opensAbout(alice)
    await alice.button('Close the room…').click()
    await confirms(alice, 'Close the room')
    await plans.waitFor({ state: 'detached' })
  })

  journey('[A2] opened it is everybody’s; closed again it is gone from whoever only read it', async ({ world }) => {
    const [alice, bob] = await world.inGeneral('alice', 'bob')
    await makesRoom(alice, { Name: 'Plans' }, 'Its members alone')
    await alice.writes('The first plan')
    await alice.isAllSent()
    await opensAbout(alice)
    await alice.button('Open the room…').click()
    await confirms(alice, 'Open the room')

    await browses(bob)
    await bob.page.getByRole('link', { name: 'Plans' }).click()
    await bob.sees('The first plan')
    await alice.page.bringToFront()
    await alice.button('Close the room…').click()
    await confirms(alice, 'Close the room')
    await bob.seesText('This room is not open to you')
    expect(await bob.log.count()).toBe(0)
  })
})

describe('an open room', () => {
  journey('is found, joined and left; its last owner names another one first', async ({ world }) => {
    const [alice, bob] = await world.inGeneral('alice', 'bob')
    await makesRoom(alice, { 'Name': 'Gardening', 'What it is for': 'Tomatoes, mostly' }, 'Everyone')
    await lists(bob, ['General'])
    await browses(bob)
    await bob.page.getByLabel('Search rooms').fill('tomato')
    await expect.poll(() => bob.page.getByRole('main').getByRole('list', { name: 'Rooms' }).getByRole('listitem').count(), PATIENCE).toBe(1)
    await bob.button('Join Gardening').click()
    await lists(bob, ['General', 'Gardening'])

    await opensAbout(alice)
    await alice.button('Leave Gardening…').click()
    await dialog(alice).getByRole('button', { name: 'Leave', exact: true }).click()
    await dialog(alice).getByRole('alert').getByText('A room keeps an owner. Make another member one first.').waitFor()
    await alice.page.keyboard.press('Escape')
    await alice.page.getByLabel('Role of Bob').selectOption('owner')
    await confirms(alice, 'Make owner')
    await alice.button('Leave Gardening…').click()
    await confirms(alice, 'Leave')
    await alice.seesText('You have left Gardening.')
    await lists(alice, ['General'])

    await bob.goesTo('Gardening')
    await opensAbout(bob)
    expect(await bob.button('Save').isDisabled()).toBe(true)
    await fillsIn(bob.page.locator('main'), { Name: 'Garden' })
    await bob.button('Save').click()
    await lists(bob, ['General', 'Garden'])
    await becomes(() => bob.button('Save').isDisabled(), true)
  })

  journey('that is archived is read and nothing more, until its owner brings it back', async ({ world }) => {
    const [alice, bob] = await world.inGeneral('alice', 'bob')
    await makesRoom(alice, { Name: 'Party' }, 'Everyone')
    await opensAbout(alice)
    await adds(alice, 'Bob')
    await bob.goesTo('Party')
    await bob.writes('It was great')
    await bob.isAllSent()
    await alice.button('Archive the room…').click()
    await confirms(alice, 'Archive the room')

    await bob.seesText('This room is archived: it can be read, and nobody writes here any more.')
    expect(await bob.box.count()).toBe(0)
    await bob.sees('It was great')
    await lists(alice, ['General'])
    await alice.page.getByRole('link', { name: 'Back to the room' }).click()
    await alice.button('Bring it back').click()
    await alice.writes('Once more')
    await bob.sees('Once more')
    await bob.writes('Yes!')
    await alice.sees('Yes!')
  })

  journey('in which moderators write alone is read by the others; and moderators delete what others wrote', async ({ world }) => {
    const [alice, bob, carol] = await world.inGeneral('alice', 'bob', 'carol')
    await makesRoom(alice, { Name: 'News' }, 'Everyone')
    await opensAbout(alice)
    await adds(alice, 'Bob')
    await bob.goesTo('News')
    await opensAbout(bob)
    await members(bob, ['Alice', 'Bob (you)'])
    await adds(alice, 'Carol')
    await members(bob, ['Alice', 'Bob (you)', 'Carol'])
    await carol.goesTo('News')
    await carol.writes('Buy my bicycle')
    await carol.isAllSent()
    await alice.page.bringToFront()
    await alice.page.getByLabel('Role of Bob').selectOption('moderator')
    await confirms(alice, 'Make moderator')
    await alice.button('Let moderators alone write…').click()
    await confirms(alice, 'Let moderators alone write')

    await carol.seesText('Moderators and owners alone write here. You can read along.')
    await carol.message('Buy my bicycle').hover()
    await carol.button('Delete message').waitFor()
    expect(await carol.button('Edit message').count()).toBe(0)
    await bob.page.getByRole('list', { name: 'Members' }).getByText('Moderator').waitFor()
    await bob.page.getByRole('link', { name: 'Back to the room' }).click()
    await bob.deletes('Buy my bicycle')
    await bob.writes('Please sell bicycles elsewhere')
    await carol.sees('Please sell bicycles elsewhere')
    expect(await carol.message('Buy my bicycle').count()).toBe(0)
  })
})

async function makesRoom(screen: Screen, fields: Record<string, string>, kind: 'Everyone' | 'Its members alone'): Promise<void> {
  await screen.page.bringToFront()
  await screen.button('New room').click()
  await fillsIn(dialog(screen), fields)
  await dialog(screen).getByRole('radio', { name: kind }).check()
  await confirms(screen, 'Make room')
  await screen.page.getByRole('heading', { name: fields['Name']!, exact: true, level: 1 }).waitFor()
}

async function opensAbout(screen: Screen): Promise<void> {
  await screen.page.bringToFront()
  await screen.page.getByRole('link', { name: 'About this room' }).click()
  await screen.page.getByRole('heading', { name: /^Members \(/ }).waitFor()
}

async function adds(screen: Screen, name: string): Promise<void> {
  await screen.page.bringToFront()
  await screen.page.getByLabel('Add people').fill(name)
  await screen.button(`Add ${name}`).click()
  await screen.page.getByRole('list', { name: 'Members' }).getByText(name, { exact: true }).waitFor()
}

async function members({ page }: Screen, names: string[]): Promise<void> {
  const shown = () => page.getByRole('list', { name: 'Members' }).getByRole('listitem').locator('p:first-child').allTextContents()
  await expect.poll(shown, PATIENCE).toEqual(names)
}

async function browses(screen: Screen): Promise<void> {
  await screen.page.bringToFront()
  await screen.page.getByRole('link', { name: 'Browse rooms' }).click()
  await screen.page.getByRole('heading', { name: 'Browse rooms', level: 1 }).waitFor()
}

async function lists(screen: Screen, rooms: string[]): Promise<void> {
  const names = async () => (await screen.rooms.allTextContents()).map((text) => text.replace(/, \d+ unread$/, ''))
  await expect.poll(names, PATIENCE).toEqual(rooms)
}
