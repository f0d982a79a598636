import type { Locator } from 'playwright-core'
import { describe, expect } from 'vitest'
import { journey } from './journey.ts'
import { becomes, confirms, dialog, fillsIn, fitsTheWidth, pictureBeside, pictureFile } from './pages.ts'
import { PHONE } from './person.ts'
import { PATIENCE, type Screen } from './screen.ts'
import { PASSWORD } from './stored.ts'

describe('one’s own account', () => {
  journey('a new name is seen at once by others', async ({ world }) => {
    const [prachi, aman] = await world.inGeneral('prachi', 'aman')
    await prachi.writes('By whom?')
    await aman.message('By whom?').getByText('Prachi').waitFor()
    await prachi.page.getByRole('button', { name: /^Account/ }).click()
    await prachi.page.getByRole('menuitem', { name: 'Your account' }).click()
    await fillsIn(prachi.page.locator('main'), { 'Name that others see': 'Prachi P.' })
    await prachi.button('Save').click()
    await prachi.page.getByText('Your name is changed').waitFor()
    await aman.message('By whom?').getByText('Prachi P.').waitFor()
    await prachi.page.getByRole('button', { name: /^Account: Prachi P\./ }).waitFor()
  })

  journey('a picture is looked at, made small, shown to others beside what one writes, and removed', async ({ world }) => {
    const [prachi, aman] = await world.inGeneral('prachi', 'aman')
    await prachi.writes('With my face')
    await aman.sees('With my face')
    const account = await prachi.person.opens('/account')
    await chooses(account, { name: 'notes.png', mimeType: 'image/png', buffer: Buffer.from('These are words.') })
    await account.page.getByRole('alert').getByText('no picture that your browser can read').waitFor()

    await chooses(account, await pictureFile(account, 'red'))
    const preview = account.page.getByRole('img', { name: 'Preview' })
    await becomes(() => edgeOf(preview), 'solid')
    expect(await pictureBeside(aman, 'With my face')).toBeNull()
    await account.button('Use this picture').click()
    await account.page.getByText('Your picture is changed.').waitFor()
    await becomes(() => pictureBeside(aman, 'With my face'), { width: 256, height: 256, isRed: true })
    await aman.page.reload()
    await becomes(() => pictureBeside(aman, 'With my face'), { width: 256, height: 256, isRed: true })
    expect(await edgeOf(aman.message('With my face').locator('img'))).toBe('solid')

    await account.button('Remove').click()
    await account.page.getByText('Your picture is removed.').waitFor()
    await becomes(() => pictureBeside(aman, 'With my face'), null)
  })

  journey('[A4] a new password signs the other devices out; a wrong current one changes nothing', async ({ world }) => {
    const [here, elsewhere] = await world.inGeneral('prachi', 'prachi')
    const account = await here.person.opens('/account')
    const form = account.page.getByRole('region', { name: 'Password' })
    await fillsIn(form, { 'Current password': 'not the password', 'New password': 'staple battery horse' })
    await account.button('Change password').click()
    await form.getByText('The current password is wrong.').waitFor()
    expect(await form.getByLabel('Current password').getAttribute('aria-invalid')).toBe('true')

    await fillsIn(form, { 'Current password': PASSWORD })
    await account.button('Change password').click()
    await form.getByText('All your other devices are signed out.').waitFor()
    await elsewhere.page.getByRole('heading', { name: 'You are signed out' }).waitFor()
    await elsewhere.button('Sign in').click()
    await elsewhere.signsIn('prachi', PASSWORD)
    await elsewhere.page.getByRole('alert').getByText('wrong').waitFor()
    await elsewhere.signsIn('prachi', 'staple battery horse')
    await elsewhere.log.waitFor()
    await here.writes('Still here')
    await here.isAllSent()
  })

  journey('[A4] devices come and go while one looks; one is signed out, and then all the others', async ({ world }) => {
    const account = await (await world.person('prachi')).opens('/account')
    const devices = account.page.getByRole('list', { name: 'Devices' }).getByRole('listitem')
    await devices.filter({ hasText: 'This device' }).waitFor()
    expect(await devices.count()).toBe(1)
    expect(await account.button('Sign out everywhere else').count()).toBe(0)

    const [one, two] = await world.inGeneral('prachi', 'prachi')
    const [newest] = await world.inGeneral('prachi')
    await becomes(() => devices.count(), 4)
    await account.page.getByRole('button', { name: 'Sign out Chrome on Linux' }).first().click()
    await becomes(() => devices.count(), 3)
    await becomes(() => account.page.evaluate(() => document.activeElement?.textContent), 'Devices')
    await newest.page.getByRole('heading', { name: 'You are signed out' }).waitFor()

    await account.button('Sign out everywhere else').click()
    await dialog(account).getByText('All devices but this one').waitFor()
    await confirms(account, 'Sign out everywhere else')
    for (const screen of [one, two]) await screen.page.getByRole('heading', { name: 'You are signed out' }).waitFor()
    await becomes(() => devices.count(), 1)
    await becomes(() => account.page.evaluate(() => document.activeElement?.textContent), 'Devices')
    await devices.getByText('This device').waitFor()
  })

  journey('dates and times follow the language of the browser', async ({ world }) => {
    const at = new Date(2026, 0, 2, 15, 4).getTime()
    await world.history([{ by: 'aman', body: 'In the afternoon', at }])
    for (const [locale, written] of [
      ['en-US', /^3:04\sPM$/],
      ['de-DE', /^15:04$/],
    ] as const) {
      const person = await world.person('prachi', { locale })
      const room = await person.opens('/chat')
      await expect.poll(() => room.message('In the afternoon').getByRole('time').first().innerText(), PATIENCE).toMatch(written)
      const account = await person.opens('/account')
      await account.page.getByText('They follow the language of your browser').waitFor()
    }
  })

  journey('a double click on a button marks no words, neither its own nor those below when it rests', async ({ world }) => {
    const account = await (await world.person('prachi')).opens('/account')
    const marked = () => account.page.evaluate(() => getSelection()!.toString())
    await fillsIn(account.page.locator('main'), { 'Name that others see': 'Prachi P.' })
    await account.button('Save').dblclick()
    expect(await marked()).toBe('')
    await account.page.getByText('Your name is changed').waitFor()
    await account.button('Save').dblclick({ force: true })
    expect(await marked()).toBe('')
  })

  journey('on a phone it is reached from the rooms, and fits', async ({ world }) => {
    const person = await world.person('prachi', PHONE)
    const prachi = await person.opens('/rooms')
    await prachi.page.getByRole('button', { name: /^Account/ }).click()
    await prachi.page.getByRole('menuitem', { name: 'Your account' }).click()
    await prachi.page.getByRole('heading', { name: 'Your account' }).waitFor()
    await prachi.page.getByRole('list', { name: 'Devices' }).waitFor()
    await fitsTheWidth(prachi)
  })
})

/** By which a white picture stands out from a white page. */
function edgeOf(picture: Locator): Promise<string> {
  return picture.evaluate((image) => getComputedStyle(image).outlineStyle)
}

async function chooses({ page }: Screen, file: { name: string; mimeType: string; buffer: Buffer }): Promise<void> {
  await page.locator('input[type=file]').setInputFiles(file)
}
