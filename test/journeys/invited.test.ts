import { describe, expect } from 'vitest'
import { administered } from './journey.ts'
import { becomes, confirms, dialog, fillsIn, fitsTheWidth, readsOnce } from './pages.ts'
import type { Screen } from './screen.ts'

const PASSWORD = 'a password for carol'

describe('an invitation into a closed room', () => {
  administered('[A1] makes a guest, who sees that room alone, and what is written there from then on', async ({ world }) => {
    const alice = await (await world.person('alice')).opens('/chat')
    await makesDen(alice)
    await alice.writes('Long ago')
    await alice.isAllSent()
    const link = await invitesGuests(alice)
    await alice.page.getByText('as guests, in Den').waitFor()

    const carol = await (await world.visitor('carol')).opens(link)
    await signsUp(carol)
    await carol.page.getByRole('heading', { name: 'Den', exact: true, level: 1 }).waitFor()
    await becomes(() => carol.rooms.allTextContents(), ['Den, closed'])
    await carol.seesText('Nothing has been written since you joined.')

    await alice.goesTo('Den')
    await alice.writes('Welcome')
    await carol.sees('Welcome')
    await carol.seesText('You see what has been written since you joined.')
    await alice.seesText('It begins with the message below.')
    expect(await carol.person.received()).not.toContain('Long ago')
  })

  administered('asks for a room where guests are to come, and fits a phone', async ({ world }) => {
    for (const id of ['attic', 'barn', 'cellar', 'garden', 'loft', 'tower']) await world.room({ id, name: `The ${id}`, messages: 0 })
    const alice = await (await world.person('alice', { viewport: { width: 390, height: 800 } })).opens('/admin/invitations')
    await alice.button('New invitation').click()
    const create = dialog(alice).getByRole('button', { name: 'Create link' })
    await dialog(alice).getByRole('radio', { name: 'Guests' }).check()
    expect(await create.isDisabled()).toBe(true)
    const sought = dialog(alice).getByLabel('Find a room')
    await sought.press('Enter')
    await sought.fill('GARD')
    await becomes(() => dialog(alice).getByRole('checkbox').count(), 1)
    await sought.press('Enter')
    expect(await dialog(alice).getByRole('checkbox', { name: 'The garden' }).isChecked()).toBe(true)
    await sought.press('Enter')
    await sought.fill('zzz')
    await dialog(alice).getByText('No room is called so.').waitFor()
    await fitsTheWidth(alice)
    await create.click()
    await readsOnce(alice, 'Link')
    await alice.page.getByText('as guests, in The garden').waitFor()
  })

  administered('leads into rooms that are there: one that was made just now, and none that was archived meanwhile', async ({ world }) => {
    await world.room({ id: 'attic', name: 'The attic', messages: 0 })
    const alice = await (await world.person('alice')).opens('/admin/invitations')
    await alice.isConnected()
    await world.room({ id: 'barn', name: 'The barn', messages: 0 })
    await alice.button('New invitation').click()
    for (const name of ['The attic', 'The barn']) await dialog(alice).getByRole('checkbox', { name }).check()
    await archives(alice, 'attic')
    await dialog(alice).getByRole('checkbox', { name: 'The attic' }).waitFor({ state: 'detached' })
    await dialog(alice).getByRole('button', { name: 'Create link' }).click()
    await readsOnce(alice, 'Link')
    await alice.page.getByText('in The barn').waitFor()
    await alice.seesNo('The attic')
  })
})

/** On another device. */
async function archives({ person }: Screen, roomId: string): Promise<void> {
  const { url } = person.network
  const answer = await person.context.request.patch(`${url}/api/v1/rooms/${roomId}`, { data: { archived: true }, headers: { origin: url } })
  expect(answer.ok()).toBe(true)
}

/** A closed room that shows newcomers nothing of before. */
async function makesDen(screen: Screen): Promise<void> {
  await screen.button('New room').click()
  await fillsIn(dialog(screen), { Name: 'Den' })
  expect(await dialog(screen).getByRole('group', { name: 'What do newcomers see?' }).count()).toBe(0)
  await dialog(screen).getByRole('radio', { name: 'Its members alone' }).check()
  await dialog(screen).getByRole('radio', { name: 'What is written once they are there' }).check()
  await confirms(screen, 'Make room')
  await screen.page.getByRole('heading', { name: 'Den', exact: true, level: 1 }).waitFor()
}

/** Answers where the link leads. */
async function invitesGuests(screen: Screen): Promise<string> {
  await screen.page.goto(`${screen.person.network.url}/admin/invitations`)
  await screen.button('New invitation').click()
  await dialog(screen).getByRole('radio', { name: 'Guests' }).check()
  await dialog(screen).getByRole('checkbox', { name: /^Den/ }).check()
  await dialog(screen).getByRole('button', { name: 'Create link' }).click()
  await dialog(screen).getByRole('heading', { name: 'Your invitation' }).waitFor()
  const { pathname, hash } = new URL(await readsOnce(screen, 'Link'))
  return pathname + hash
}

async function signsUp(screen: Screen): Promise<void> {
  await fillsIn(screen.page.locator('main'), { 'User name': 'carol', 'Password': PASSWORD })
  await screen.button('Create account').click()
}
