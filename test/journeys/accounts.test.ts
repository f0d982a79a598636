import { describe, expect } from 'vitest'
import { journey } from './journey.ts'
import { PATIENCE } from './screen.ts'
import { PASSWORD } from './stored.ts'
import { World } from './world.ts'

describe('signing in and out', () => {
  journey('who asks for a page is sent to sign in, and lands on it', async ({ world }) => {
    const alice = await (await world.visitor('alice')).opens('/inbox?from=mail')
    await alice.page.waitForURL(/\/sign-in\?next=/)
    await alice.signsIn('alice', 'not the password')
    await alice.page.getByRole('alert').getByText('The user name or the password is wrong.').waitFor()
    await alice.signsIn('alice', PASSWORD)
    await alice.page.waitForURL(/\/inbox\?from=mail$/)
    await alice.page.getByRole('heading', { name: 'Inbox' }).waitFor()
  })

  journey('an address elsewhere is never followed after signing in', async ({ world }) => {
    const alice = await (await world.visitor('alice')).opens('/sign-in?next=//evil.example/')
    await alice.signsIn('alice', PASSWORD)
    await alice.page.waitForURL(/\/rooms\/general$/)
    expect(new URL(alice.page.url()).origin).toBe(alice.person.network.url)
  })

  journey('too many tries are told to wait, also with the right password', async ({ browser }) => {
    await using world = await World.open(browser, { SIGN_INS_BURST: '2', SIGN_INS_PER_SECOND: '0.01' })
    const alice = await (await world.visitor('alice')).opens('/sign-in')
    for (const _ of [1, 2]) {
      await alice.signsIn('alice', 'not the password')
      await alice.page.getByRole('alert').getByText('wrong').waitFor()
    }
    await alice.signsIn('alice', PASSWORD)
    await alice.page
      .getByRole('alert')
      .getByText(/^Too many tries\. Wait \d+ (seconds|minutes) and try again\.$/)
      .waitFor()
  })

  journey('[A4] signing out on one tab ends the other, and nothing of the account stays behind', async ({ world }) => {
    const prachi = await world.person('prachi')
    const [tab, other] = [await prachi.opens('/chat'), await prachi.opens('/chat')]
    await tab.posts('Said before')
    await tab.box.fill('A secret draft')
    await other.sees('Said before')
    await tab.page.evaluate(() => localStorage.setItem(`belfry:${localStorage.getItem('belfry:account')}:post:one`, 'not safe yet'))

    await tab.signsOut()
    await other.page.getByRole('heading', { name: 'You are signed out' }).waitFor()
    for (const screen of [tab, other]) expect(await screen.page.content()).not.toMatch(/Said before|A secret draft/)
    await expect.poll(() => tab.kept(), PATIENCE).toEqual({})
    await prachi.opens('/chat').then((screen) => screen.page.waitForURL(/\/sign-in/))
  })

  journey('[A4] disabling an account closes its live pages at once', async ({ world }) => {
    const [prachi, aman] = await world.inGeneral('prachi', 'aman')
    await prachi.writes('Still here')
    await aman.sees('Still here')
    await world.belfry('user', 'disable', 'prachi')
    await prachi.page.getByRole('heading', { name: 'You are signed out' }).waitFor()
    await aman.writes('Is prachi gone?')
    await aman.isAllSent()
    expect(await prachi.page.content()).not.toContain('Is prachi gone?')
    await prachi.button('Sign in').click()
    await prachi.signsIn('prachi', PASSWORD)
    await prachi.page.getByRole('alert').getByText('The user name or the password is wrong.').waitFor()
  })
})

describe('another account on the same browser', () => {
  journey('[A1] sees nothing of the first: no rows, drafts, messages that wait, or notifications', async ({ world }) => {
    const browser = await world.person('prachi')
    const prachi = await browser.opens('/chat')
    await world.notifies('prachi', 'For prachi alone')
    await prachi.rings(1)
    await prachi.box.fill('The draft of prachi')
    browser.network.cut()
    const writer = prachi.page
    await prachi.writes('Never sent by prachi')
    await prachi.message('Never sent by prachi').getByText('Sending…').waitFor()
    await prachi.box.fill('The draft of prachi')
    await writer.close()
    browser.network.restore()

    await browser.context.clearCookies()
    const aman = await browser.opens('/chat')
    await aman.signsIn('aman', PASSWORD)
    await aman.log.waitFor()
    await aman.writes('Hello from aman')
    await aman.isAllSent()
    await aman.opensInbox()
    await aman.seesAllRead()
    await aman.seesExactly('Hello from aman')
    expect(await aman.page.content()).not.toMatch(/For prachi alone|draft of prachi|Never sent by prachi/)
    expect(await aman.page.title()).toBe('General · Belfry')
  })

  journey('[A4] that signs in on another tab ends the pages of the first', async ({ world }) => {
    const browser = await world.person('prachi')
    const prachi = await browser.opens('/chat')
    await prachi.writes('Words of prachi')
    await prachi.isAllSent()
    await browser.signsIn('aman')
    const aman = await browser.opens('/chat')
    await aman.page.getByRole('button', { name: /^Account: Aman/ }).waitFor()

    await prachi.page.getByRole('heading', { name: 'Another account is in use' }).waitFor()
    expect(await prachi.page.content()).not.toContain('Words of prachi')
    await prachi.button('Continue with the other account').click()
    await prachi.page.getByRole('button', { name: /^Account: Aman/ }).waitFor()
  })
})
