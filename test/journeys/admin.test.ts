import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect } from 'vitest'
import { canHoldFrames, holdsReplies, losesHeld } from './held-frames.ts'
import { administered } from './journey.ts'
import { becomes, choosesFor, confirms, dialog, during, fillsIn, fitsTheWidth, personRow, readsOnce, survivesEscape } from './pages.ts'
import { PHONE } from './person.ts'
import { PATIENCE, type Screen } from './screen.ts'
import { PASSWORD } from './stored.ts'
import type { World } from './world.ts'

describe('people', () => {
  administered('an administrator makes an account with a generated password, and its person signs in with it', async ({ world }) => {
    const alice = await (await world.person('alice')).opens('/chat')
    await alice.page.getByRole('button', { name: /^Account/ }).click()
    await alice.page.getByRole('menuitem', { name: 'Administration' }).click()
    await alice.page.waitForURL(/\/admin\/people$/)

    await alice.button('New account').click()
    await fillsIn(dialog(alice), { 'User name': 'prachi', 'Name': 'Bob' })
    await dialog(alice).getByRole('button', { name: 'Generate a password' }).click()
    await dialog(alice).getByRole('button', { name: 'Create account' }).click()
    await dialog(alice).getByText('prachi', { exact: false }).first().waitFor()
    await becomes(() => dialog(alice).getByLabel('User name', { exact: true }).getAttribute('aria-invalid'), 'true')
    await fillsIn(dialog(alice), { 'User name': 'bob' })
    await dialog(alice).getByRole('button', { name: 'Create account' }).click()
    await dialog(alice).getByRole('heading', { name: 'Bob can sign in now' }).waitFor()
    await survivesEscape(alice)
    const password = (await dialog(alice).getByRole('definition').last().textContent())!
    expect(password).toMatch(/^[a-z2-9]{4}(-[a-z2-9]{4}){3}$/)
    await confirms(alice, 'Done')
    await personRow(alice, 'bob').getByText('bob · signed in nowhere').waitFor()

    const bob = await (await world.visitor('bob')).opens('/sign-in')
    await bob.signsIn('bob', password)
    await bob.log.waitFor()
    await bob.writes('My first words')
    await bob.isAllSent()
  })

  administered('a new name is seen at once by everybody, beside what was written before', async ({ world }) => {
    const [prachi, aman] = await world.inGeneral('prachi', 'aman')
    await prachi.writes('Said before')
    await aman.message('Said before').getByText('Prachi').waitFor()
    const [alice, other] = [await opensPeople(world), await opensPeople(world)]
    await choosesFor(alice, 'prachi', 'Rename…')
    await fillsIn(dialog(alice), { 'Name': 'Prachi P.', 'User name': 'aman' })
    await dialog(alice).getByRole('button', { name: 'Rename' }).click()
    await becomes(() => dialog(alice).getByLabel('User name', { exact: true }).getAttribute('aria-invalid'), 'true')
    await fillsIn(dialog(alice), { 'User name': 'prachi.p' })
    await confirms(alice, 'Rename')

    await aman.message('Said before').getByText('Prachi P.').waitFor()
    for (const screen of [alice, other]) await personRow(screen, 'prachi.p').getByText('Prachi P.').waitFor()
    await prachi.page.getByRole('button', { name: /^Account: Prachi P\./ }).waitFor()
  })

  administered('a rename changes what was changed in the dialog: what somebody else changes meanwhile stays', async ({ world }) => {
    const [alice, other] = [await opensPeople(world), await opensPeople(world)]
    for (const screen of [alice, other]) await choosesFor(screen, 'prachi', 'Rename…')
    await fillsIn(dialog(other), { 'User name': 'prachi.p' })
    await confirms(other, 'Rename')
    await personRow(alice, 'prachi.p').waitFor()
    await fillsIn(dialog(alice), { Name: 'Prachi P.' })
    await confirms(alice, 'Rename')
    for (const screen of [alice, other]) await personRow(screen, 'prachi.p').getByText('Prachi P.').waitFor()

    // Where nothing was changed there is nothing to say to the server.
    alice.person.network.cut()
    await choosesFor(alice, 'prachi.p', 'Rename…')
    await confirms(alice, 'Rename')
  })

  administered('an open question stays what it was, and goes once the account is so, whoever made it so', async ({ world }) => {
    const person = await world.person('alice')
    await canHoldFrames(person)
    const alice = await person.opens('/admin/people')
    await choosesFor(alice, 'prachi', 'Make a guest…')
    await world.belfry('user', 'role', 'prachi', 'guest')
    await dialog(alice).waitFor({ state: 'detached' })

    await choosesFor(alice, 'prachi', 'Disable…')
    await holdsReplies(alice)
    await dialog(alice).getByRole('button', { name: 'Disable' }).click()
    await personRow(alice, 'prachi').getByText('Disabled').waitFor()
    await dialog(alice).getByRole('heading', { name: 'Disable Prachi?' }).waitFor()
    person.network.cut()
    await dialog(alice).waitFor({ state: 'detached' })
  })

  administered('names whose answer was lost are seen to be so; of an account it is said that it may be one’s own', async ({ world }) => {
    const person = await world.person('alice')
    await canHoldFrames(person)
    const alice = await person.opens('/admin/people')
    const loses = async (button: string, username: string) => {
      await holdsReplies(alice)
      await dialog(alice).getByRole('button', { name: button }).click()
      await expect.poll(() => world.belfry('user', 'list'), PATIENCE).toContain(username)
      await losesHeld(alice)
    }
    await choosesFor(alice, 'prachi', 'Rename…')
    await fillsIn(dialog(alice), { 'User name': 'prachi.p' })
    await loses('Rename', 'prachi.p')
    await dialog(alice).waitFor({ state: 'detached' })
    await alice.button('New account').click()
    await fillsIn(dialog(alice), { 'User name': 'carol.c' })
    await dialog(alice).getByRole('button', { name: 'Generate a password' }).click()
    await loses('Create account', 'carol.c')
    await dialog(alice).getByText('It may have been done all the same').waitFor()
    await dialog(alice).getByRole('button', { name: 'Create account' }).click()
    await dialog(alice).getByText('with the password that you gave it then').waitFor()
  })

  administered('[A4] disabling throws somebody out at once, and enabling lets them in again', async ({ world }) => {
    const [prachi] = await world.inGeneral('prachi')
    const [alice, other] = [await opensPeople(world), await opensPeople(world)]
    await personRow(alice, 'prachi').getByText('1 device').waitFor()
    await choosesFor(alice, 'prachi', 'Disable…')
    await dialog(alice).getByText('Prachi is signed out everywhere at once').waitFor()
    await confirms(alice, 'Disable')
    await prachi.page.getByRole('heading', { name: 'You are signed out' }).waitFor()
    for (const screen of [alice, other]) await personRow(screen, 'prachi').getByText('Disabled').waitFor()
    await personRow(alice, 'prachi').getByText('signed in nowhere').waitFor()
    await prachi.button('Sign in').click()
    await prachi.signsIn('prachi', PASSWORD)
    await prachi.page.getByRole('alert').getByText('The user name or the password is wrong.').waitFor()

    await choosesFor(alice, 'prachi', 'Enable…')
    await confirms(alice, 'Enable')
    await personRow(other, 'prachi').getByText('Disabled').waitFor({ state: 'detached' })
    await prachi.signsIn('prachi', PASSWORD)
    await prachi.log.waitFor()
  })

  administered('the last administrator cannot go; of two, one who is unmade loses the page while looking at it', async ({ world }) => {
    const alice = await opensPeople(world)
    for (const [deed, button] of [
      ['Make an ordinary member…', 'Make member'],
      ['Disable…', 'Disable'],
    ] as const) {
      await choosesFor(alice, 'alice', deed)
      await dialog(alice).getByRole('button', { name: button }).click()
      await dialog(alice).getByRole('alert').getByText('the last administrator').waitFor()
      await confirms(alice, 'Cancel')
    }

    const prachi = await (await world.person('prachi')).opens('/admin/people')
    await prachi.page.getByRole('heading', { name: 'This is for administrators' }).waitFor()
    await prachi.page.getByRole('button', { name: /^Account/ }).click()
    await prachi.page.getByRole('menuitem', { name: 'Your account' }).waitFor()
    expect(await prachi.page.getByRole('menuitem', { name: 'Administration' }).count()).toBe(0)
    await prachi.page.keyboard.press('Escape')

    await choosesFor(alice, 'prachi', 'Make administrator…')
    await confirms(alice, 'Make administrator')
    await personRow(prachi, 'alice').waitFor()
    await choosesFor(prachi, 'alice', 'Make an ordinary member…')
    await confirms(prachi, 'Make member')
    await alice.page.getByRole('heading', { name: 'This is for administrators' }).waitFor()
    expect(await alice.page.content()).not.toContain('Actions for')
  })

  administered('[A4] a reset password signs out everywhere; the new one works, the old one does not', async ({ world }) => {
    const [prachi] = await world.inGeneral('prachi')
    const alice = await opensPeople(world)
    await choosesFor(alice, 'prachi', 'Reset password…')
    await fillsIn(dialog(alice), { 'New password': 'short' })
    await dialog(alice).getByRole('button', { name: 'Reset' }).click()
    await dialog(alice).getByText('Use at least 8 characters.').waitFor()
    await fillsIn(dialog(alice), { 'New password': 'staple battery horse' })
    await confirms(alice, 'Reset')
    await alice.page.getByText('Prachi has a new password and is signed out everywhere.').waitFor()

    await prachi.page.getByRole('heading', { name: 'You are signed out' }).waitFor()
    await prachi.button('Sign in').click()
    await prachi.signsIn('prachi', PASSWORD)
    await prachi.page.getByRole('alert').getByText('wrong').waitFor()
    await prachi.signsIn('prachi', 'staple battery horse')
    await prachi.log.waitFor()
  })

  administered('are found by name, user name and id, and by their state; the address keeps the search', async ({ world }) => {
    const alice = await opensPeople(world)
    const shown = () =>
      alice.page
        .getByRole('list', { name: 'People' })
        .getByRole('listitem')
        .evaluateAll((rows) => rows.map((row) => row.ariaLabel))
    await becomes(shown, ['alice', 'aman', 'prachi'])
    await alice.page.getByRole('searchbox').fill('PRA')
    await becomes(shown, ['prachi'])
    const id = (await personRow(alice, 'prachi').innerText()).match(/[0-9a-f-]{36}/)![0]
    await alice.page.getByRole('searchbox').fill(id)
    await alice.page.waitForURL((url) => url.searchParams.get('q') === id)
    await alice.page.reload()
    await becomes(shown, ['prachi'])
    await alice.page.getByRole('searchbox').fill('nobody of this name')
    await alice.page.getByText('No name, user name or id holds “nobody of this name”.').waitFor()

    await world.belfry('user', 'disable', 'aman')
    await alice.page.getByRole('searchbox').fill('')
    await alice.page.getByLabel('Which accounts').selectOption('disabled')
    await becomes(shown, ['aman'])
    await alice.page.getByLabel('Which accounts').selectOption('active')
    await becomes(shown, ['alice', 'prachi'])

    await alice.page.getByRole('searchbox').fill('pra')
    await becomes(shown, ['prachi'])
    await alice.page.getByRole('link', { name: 'People' }).click()
    await becomes(shown, ['alice', 'aman', 'prachi'])
    expect(await alice.page.getByRole('searchbox').inputValue()).toBe('')
  })

  administered('whom an import brought is labelled, stands apart, and is offered nothing that cannot be done', async ({ world }) => {
    const log = join(world.folder, '2004-12-25.txt')
    const nicks = Array.from({ length: 60 }, (_, at) => `carol${at + 100}`)
    await writeFile(log, nicks.map((nick) => `[10:00] <${nick}> Said elsewhere\n`).join(''))
    const alice = await opensPeople(world)
    await world.belfry('import', 'irc', '--room', 'elsewhere', log)
    await alice.page.getByRole('status').getByText('3 accounts').waitFor()
    await alice.page.getByLabel('Which accounts').selectOption('imported')
    await personRow(alice, 'carol100').getByText('Imported from irc').waitFor()
    expect(await alice.page.getByRole('button', { name: /^Actions for/ }).count()).toBe(0)

    await alice.button('Next').click()
    await alice.page.getByText('51–60 of 60').waitFor()
    await becomes(() => personRow(alice, 'carol150').evaluate((row) => row.getBoundingClientRect().top < innerHeight / 2), true)
    await alice.button('Previous').click()
    await personRow(alice, 'carol100').waitFor()
  })

  for (const clipboard of ['the clipboard', 'no clipboard, as on plain http']) {
    administered(`an id is copied by a click: ${clipboard}`, async ({ world }) => {
      const person = await world.person('alice', { permissions: ['clipboard-read', 'clipboard-write'] })
      if (clipboard.startsWith('no'))
        await person.context.addInitScript(() => Object.defineProperty(navigator, 'clipboard', { value: undefined }))
      const alice = await person.opens('/admin/people')
      const copy = personRow(alice, 'prachi').getByRole('button', { name: 'Copy the id of prachi' })
      // The word goes by itself.
      await becomes(async () => (await copy.click(), copy.getByText('Copied').isVisible()), true)
      await becomes(() => copy.evaluate((button) => button === document.activeElement), true)
      await alice.page.getByRole('searchbox').click()
      await alice.page.keyboard.press('ControlOrMeta+V')
      await becomes(
        () => alice.page.getByRole('listitem').evaluateAll((rows) => rows.map((row) => row.ariaLabel).filter(Boolean)),
        ['prachi'],
      )
    })
  }

  administered('the keyboard alone makes an account', async ({ world }) => {
    const alice = await opensPeople(world)
    const { keyboard } = alice.page
    await alice.button('New account').focus()
    await keyboard.press('Enter')
    await dialog(alice).waitFor()
    await keyboard.type('bob')
    await keyboard.press('Tab')
    await keyboard.type('Bob')
    await keyboard.press('Tab')
    await keyboard.type(PASSWORD)
    await keyboard.press('Enter')
    await dialog(alice).waitFor({ state: 'detached' })
    await personRow(alice, 'bob').waitFor()
    await becomes(() => alice.page.evaluate(() => document.activeElement?.textContent), 'New account')

    await alice.page.getByRole('button', { name: 'Actions for bob' }).focus()
    await keyboard.press('Enter')
    await alice.page.getByRole('menu').waitFor()
    await becomes(() => alice.page.evaluate(() => Boolean(document.activeElement?.closest('[role=menu]'))), true)
    await keyboard.type('dis')
    await becomes(() => alice.page.evaluate(() => document.activeElement?.textContent), 'Disable…')
    await keyboard.press('Enter')
    await dialog(alice).getByRole('heading', { name: 'Disable Bob?' }).waitFor()
    await keyboard.press('Escape')
    await becomes(() => alice.page.evaluate(() => document.activeElement?.ariaLabel), 'Actions for bob')
  })

  administered('on a phone every page is reached, and fits', async ({ world }) => {
    const person = await world.person('alice', PHONE)
    const alice = await person.opens('/rooms')
    await alice.page.getByRole('button', { name: /^Account/ }).click()
    await alice.page.getByRole('menuitem', { name: 'Administration' }).click()
    await personRow(alice, 'prachi').waitFor()
    await fitsTheWidth(alice)
    for (const [link, heading] of [
      ['Invitations', 'Who may make an account'],
      ['Keys', 'API keys'],
      ['Notify', 'Notify'],
      ['Server', 'Server'],
    ] as const) {
      await alice.page.getByRole('link', { name: link, exact: true }).click()
      await alice.page.getByRole('heading', { name: heading }).waitFor()
      await fitsTheWidth(alice)
    }
    await alice.page.getByRole('link', { name: 'Rooms' }).click()
    await alice.page.getByRole('link', { name: 'General' }).waitFor()
  })
})

describe('who may come in', () => {
  administered('an invitation for one makes one account; its second use is refused', async ({ world }) => {
    const alice = await (await world.person('alice')).opens('/admin/invitations')
    await alice.button('New invitation').click()
    await dialog(alice).getByRole('button', { name: 'Create link' }).click()
    await dialog(alice).getByRole('heading', { name: 'Your invitation' }).waitFor()
    await survivesEscape(alice)
    const link = await readsOnce(alice, 'Link')
    expect(new URL(link).pathname).toBe('/welcome')
    await alice.page.getByText('For one person').waitFor()

    const carol = await (await world.visitor('carol')).opens(pathOf(link))
    await carol.page.getByRole('heading', { name: 'You are invited to Belfry' }).waitFor()
    await signsUp(carol, 'carol')
    await carol.log.waitFor()
    const bob = await (await world.visitor('bob')).opens(pathOf(link))
    await signsUp(bob, 'bob')
    await bob.page.getByRole('alert').getByText('This link was used already').waitFor()
    await alice.page.reload()
    await alice.page.getByText('Used up').waitFor()
  })

  administered('a revoked invitation lets nobody in', async ({ world }) => {
    const alice = await (await world.person('alice')).opens('/admin/invitations')
    await alice.button('New invitation').click()
    await dialog(alice).getByLabel('Whom it lets in').selectOption('Any number of people')
    await dialog(alice).getByLabel('How long').selectOption('Until it is revoked')
    await dialog(alice).getByRole('button', { name: 'Create link' }).click()
    const link = await readsOnce(alice, 'Link')
    await alice.page.getByText('not used yet · does not expire').waitFor()
    await alice.button('Revoke').click()
    await confirms(alice, 'Revoke')
    await alice.page.getByText('Revoked', { exact: true }).waitFor()
    await becomes(() => alice.page.evaluate(() => document.activeElement?.textContent), 'Invitations')
    const bob = await (await world.visitor('bob')).opens(pathOf(link))
    await signsUp(bob, 'bob')
    await bob.page.getByRole('alert').getByText('is not valid any more').waitFor()
  })

  administered('open, anybody makes an account from the sign-in page; otherwise that page does not offer it', async ({ world }) => {
    const [alice, other] = await Promise.all([1, 2].map(async () => (await world.person('alice')).opens('/admin/invitations')))
    const bob = await (await world.visitor('bob')).opens('/sign-in')
    await bob.page.getByText('Ask whoever runs this server.').waitFor()
    expect(await bob.page.getByRole('link', { name: 'Make an account' }).count()).toBe(0)

    await alice!.page.getByRole('radio', { name: /^Anybody/ }).check()
    await becomes(() => other!.page.getByRole('radio', { name: /^Anybody/ }).isChecked(), true)
    await alice!.page.getByLabel('Name', { exact: true }).fill('Acme')
    await alice!.button('Save').click()
    await becomes(() => other!.page.getByLabel('Name', { exact: true }).inputValue(), 'Acme')

    await bob.page.reload()
    await bob.page.getByRole('heading', { name: 'Sign in to Acme' }).waitFor()
    await bob.page.getByRole('link', { name: 'Make an account' }).click()
    await bob.page.getByRole('heading', { name: 'Join Acme' }).waitFor()
    await signsUp(bob, 'prachi')
    await bob.page.getByRole('alert').waitFor()
    await signsUp(bob, 'bob')
    await bob.log.waitFor()

    await alice!.page.getByRole('radio', { name: /^Nobody/ }).check()
    // Another administrator sees it, so the server has it.
    await becomes(() => other!.page.getByRole('radio', { name: /^Nobody/ }).isChecked(), true)
    const carol = await (await world.visitor('carol')).opens('/sign-up')
    await carol.page.getByRole('heading', { name: 'Nobody can make an account here at present' }).waitFor()
    await carol.page.getByText('Ask an administrator for one.').waitFor()
    await carol.page.goto(`${carol.person.network.url}/welcome#a-link-of-before`)
    await carol.page.getByText('Invitations rest').waitFor()
    expect(await carol.button('Create account').count()).toBe(0)

    await alice!.page.getByRole('radio', { name: /^Who has an invitation/ }).check()
    await becomes(() => other!.page.getByRole('radio', { name: /^Who has an invitation/ }).isChecked(), true)
    await carol.page.goto(`${carol.person.network.url}/sign-up`)
    await carol.page.getByRole('heading', { name: 'Accounts are made by invitation' }).waitFor()
  })

  administered('a choice whose answer was lost, and which stands all the same, is no failure', async ({ world }) => {
    const person = await world.person('alice')
    await canHoldFrames(person)
    const alice = await person.opens('/admin/invitations')
    await holdsReplies(alice)
    await alice.page.getByRole('radio', { name: /^Nobody/ }).check()
    await expect.poll(() => world.belfry('workspace', 'show'), PATIENCE).toContain('Nobody can')
    await losesHeld(alice)
    await alice.page.locator('fieldset[aria-busy=false]').waitFor()
    await becomes(() => alice.page.getByText('all the same').count(), 0)
  })
})

describe('programs and bells', () => {
  administered('a key made here rings a bell until it is revoked', async ({ world }) => {
    const alice = await (await world.person('alice')).opens('/admin/keys')
    const other = await (await world.person('alice')).opens('/admin/keys')
    await alice.button('New key').click()
    await dialog(alice).getByRole('button', { name: 'Create key' }).click()
    await dialog(alice).getByText('Name the key.').waitFor()
    await fillsIn(dialog(alice), { Name: 'ci' })
    await dialog(alice).getByRole('button', { name: 'Create key' }).click()
    await dialog(alice).getByText('curl ').waitFor()
    const mark = /#\w{6}/.exec(await dialog(alice).innerText())![0]
    const key = await readsOnce(alice, 'Key')
    for (const screen of [alice, other]) await screen.page.getByText(`never used · ${mark}`).waitFor()

    const [aman] = await world.inGeneral('aman')
    expect((await publishes(world, key)).status).toBe(201)
    await aman.rings(1)
    await alice.page.getByText('last used').waitFor()
    await alice.button('Revoke').click()
    await confirms(alice, 'Revoke')
    for (const screen of [alice, other]) await screen.page.getByText('Revoked', { exact: true }).waitFor()
    expect((await publishes(world, key)).status).toBe(401)
  })

  administered('[A1] [N1] the form rings the bell of who is named and of nobody else, once for a double click', async ({ world }) => {
    const [prachi, aman] = await world.inGeneral('prachi', 'aman')
    const alice = await (await world.person('alice')).opens('/admin/notify')
    const form = alice.page.locator('main form')
    await fillsIn(form, { 'To': 'aman, nemo', 'Title': 'Lunch 7f3a', 'Text (optional)': 'At noon', 'Link (optional)': 'javascript:1' })
    await alice.button('Send').click()
    await becomes(() => form.getByLabel('Link (optional)').getAttribute('aria-invalid'), 'true')
    await fillsIn(form, { 'Link (optional)': '/inbox' })
    await alice.button('Send').click()
    await becomes(() => form.getByLabel('To', { exact: true }).getAttribute('aria-invalid'), 'true')
    await form.getByText('nemo').waitFor()
    await fillsIn(form, { To: 'aman' })
    await during(aman.toasts.getByText('Lunch 7f3a').waitFor(), () => alice.button('Send').dblclick())
    await alice.page.getByRole('status').getByText('Stored for aman.').waitFor()
    await alice.button('Send').click()
    expect(await form.getByText('Say what it is about.').count()).toBe(0)

    await aman.rings(1)
    await aman.opensInbox()
    expect(await aman.item('Lunch 7f3a').count()).toBe(1)
    await prachi.rings(0)
    expect(await prachi.person.received()).not.toContain('7f3a')
  })

  administered('an address of old leads to the form, filled in; opening it rings nobody', async ({ world }) => {
    const aman = await (await world.person('aman')).opens('/inbox')
    await aman.seesAllRead()
    const alice = await (await world.person('alice')).opens('/trigger-notification/aman/')
    await alice.page.waitForURL(/\/admin\/notify\?to=aman$/)
    await becomes(() => alice.page.getByLabel('To', { exact: true }).inputValue(), 'aman')
    await world.notifies('aman', 'Rung afterwards')
    await aman.item('Rung afterwards').waitFor()
    expect(await aman.page.getByRole('tabpanel').getByRole('listitem').count()).toBe(1)
  })

  administered('the server says what it is, anew when asked', async ({ world }) => {
    const alice = await (await world.person('alice')).opens('/admin/server')
    const fact = async (name: string) => alice.page.locator('dl > div').filter({ hasText: name }).getByRole('definition').innerText()
    await becomes(() => fact('People'), '3')
    expect(await fact('Database')).toMatch(/^SQLite 3\.\d+\.\d+, [\d.]+ kB$/)
    await world.history([{ by: 'prachi', body: 'Words', at: Date.now() }])
    await alice.button('Refresh').click()
    await becomes(() => fact('Messages'), '1')
  })
})

administered('without a connection each part says that it comes with it, and it does', async ({ world }) => {
  const alice = await opensPeople(world)
  await alice.page.getByText('3 accounts').waitFor()
  alice.person.network.cut()
  for (const [part, words] of [
    ['Keys', 'This list comes as soon as the connection is back.'],
    ['Invitations', 'This list comes as soon as the connection is back.'],
    ['Server', 'The figures come as soon as the connection is back.'],
    ['People', 'This list comes as soon as the connection is back.'],
  ] as const) {
    await alice.page.getByRole('link', { name: part, exact: true }).click()
    await alice.page.getByText(words).waitFor()
    expect(await alice.page.getByText('Loading', { exact: true }).count()).toBe(0)
  }
  alice.person.network.restore()
  await personRow(alice, 'prachi').waitFor()
  await alice.seesNo('as soon as the connection is back')
})

async function opensPeople(world: World): Promise<Screen> {
  const screen = await (await world.person('alice')).opens('/admin/people')
  await personRow(screen, 'alice').waitFor()
  return screen
}

async function signsUp(screen: Screen, username: string): Promise<void> {
  await fillsIn(screen.page.locator('main'), { 'User name': username, 'Password': PASSWORD })
  await screen.button('Create account').click()
}

/** Everybody reaches the server by a line of their own. */
function pathOf(link: string): string {
  const { pathname, hash } = new URL(link)
  return pathname + hash
}

/** As any backend would. */
function publishes(world: World, key: string): Promise<Response> {
  const headers = { 'authorization': `Bearer ${key}`, 'content-type': 'application/json' }
  return fetch(`${world.server.url}/api/v1/notifications`, { method: 'POST', headers, body: '{"to": "aman", "title": "Build failed"}' })
}
