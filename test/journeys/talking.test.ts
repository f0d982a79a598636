import { describe, expect } from 'vitest'
import { journey } from './journey.ts'
import { PATIENCE } from './screen.ts'

const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS

describe('two people talk', () => {
  journey('a message stands on both screens at once, with author and time; its sender sees it before it is stored', async ({ world }) => {
    const [alice, bob] = await world.inGeneral('alice', 'bob')
    alice.person.network.goDead()
    await alice.writes('Good morning')
    await alice.message('Good morning').getByText('Sending…').waitFor()
    expect(await bob.bodies()).toEqual([])

    alice.person.network.restore()
    await bob.sees('Good morning')
    await alice.isAllSent()
    for (const screen of [alice, bob]) {
      const message = screen.message('Good morning')
      await message.getByText('Alice').waitFor()
      const time = message.locator('time')
      expect(await time.textContent()).toMatch(/^\d\d:\d\d$/)
      expect(await time.getAttribute('title')).toContain(String(new Date().getFullYear()))
    }
  })

  journey('one edits and deletes what is one’s own, and the other sees it', async ({ world }) => {
    const [alice, bob] = await world.inGeneral('alice', 'bob')
    await alice.writes('Lunch at nooon?', 'Or later')
    await bob.sees('Lunch at nooon?', 'Or later')
    await alice.isAllSent()

    await alice.edits('Lunch at nooon?', 'Lunch at noon?')
    await bob.message('Lunch at noon?').getByText('(edited)').waitFor()
    await bob.message('Lunch at noon?').hover()
    expect(await bob.log.getByRole('button', { name: /Edit|Delete/ }).count()).toBe(0)

    await alice.chooses('Delete message', 'Or later')
    await alice.page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click()
    await bob.seesExactly('Lunch at noon?(edited)')
    await alice.seesExactly('Lunch at noon?(edited)')
  })

  journey('who changes what they have changed elsewhere meanwhile is told what it says now', async ({ world }) => {
    const [tab] = await world.inGeneral('alice')
    const other = await tab.person.opens('/chat')
    await tab.writes('At noon', 'By the gate')
    await other.sees('By the gate')
    await other.page.bringToFront()
    await other.chooses('Edit message', 'At noon')
    await other.page.getByRole('textbox', { name: 'Edit message' }).fill('At noon, with cake')
    await tab.page.bringToFront()
    await tab.edits('At noon', 'At one')
    await tab.isAllSent()
    // Both tabs show what either of them sends; what comes after it was stored.
    await world.says('bob', 'As you like')
    await other.page.bringToFront()
    await other.sees('As you like')
    await other.seesText('You have changed it elsewhere meanwhile. It says now: At one')
    await other.page.getByRole('textbox', { name: 'Edit message' }).press('Enter')
    for (const screen of [tab, other]) await screen.seesExactly('At noon, with cake(edited)', 'By the gate', 'As you like')
  })

  journey('the arrow up edits the last own message; Escape leaves it as it was', async ({ world }) => {
    const [alice] = await world.inGeneral('alice')
    await alice.writes('First', 'Second')
    await alice.isAllSent()
    await alice.box.press('ArrowUp')
    const edit = alice.page.getByRole('textbox', { name: 'Edit message' })
    await expect.poll(() => edit.inputValue(), PATIENCE).toBe('Second')
    await edit.fill('Something else')
    await edit.press('Escape')
    await alice.seesExactly('First', 'Second')
    await expect.poll(() => alice.box.evaluate((box) => box === document.activeElement), PATIENCE).toBe(true)
  })

  journey('messages of one author within five minutes are grouped, and days are divided', async ({ world }) => {
    const morning = new Date(Date.now() - 2 * DAY_MS).setHours(9, 0, 0, 0)
    await world.history([
      { by: 'bob', body: 'Monday', at: morning },
      { by: 'bob', body: 'Right after', at: morning + 2 * MINUTE_MS },
      { by: 'bob', body: 'Much later', at: morning + 30 * MINUTE_MS },
      { by: 'carol', body: 'My turn', at: morning + 31 * MINUTE_MS },
      { by: 'carol', body: 'A day later', at: morning + DAY_MS },
    ])
    const [alice] = await world.inGeneral('alice')
    await alice.sees('Monday', 'A day later')
    const names = (text: string) => alice.message(text).locator('b').allTextContents()
    const allNames = () => Promise.all(['Monday', 'Right after', 'Much later', 'My turn', 'A day later'].map(names))
    await expect.poll(allNames, PATIENCE).toEqual([['Bob'], [], ['Bob'], ['Carol'], ['Carol']])
    const dayOf = (at: number) => new Intl.DateTimeFormat('en-GB', { weekday: 'long', day: 'numeric', month: 'long' }).format(at)
    expect(await alice.log.locator('[data-day]').allTextContents()).toEqual([morning, morning + DAY_MS].map(dayOf))
  })

  journey('addresses are links, and nothing in a message is more than text', async ({ world }) => {
    const [alice, bob] = await world.inGeneral('alice', 'bob')
    await alice.writes('See https://ci.example.com/1482?a=b (or javascript:alert(1)). <img src=x onerror=alert(1)>')
    const message = bob.message('onerror=alert')
    await message.waitFor()
    const link = message.locator('[id$="-text"]').getByRole('link')
    expect(await link.count()).toBe(1)
    expect(await link.getAttribute('href')).toBe('https://ci.example.com/1482?a=b')
    expect(await link.getAttribute('target')).toBe('_blank')
    expect(await link.getAttribute('rel')).toContain('noopener')
    expect(await message.locator('img').count()).toBe(0)
  })

  journey('the address of a message leads there within the page', async ({ world }) => {
    await world.room({ id: 'tower', name: 'Tower', messages: 300 })
    const [alice] = await world.inGeneral('alice')
    for (const room of ['General', 'Tower']) {
      await alice.goesTo(room)
      await alice.writes(`Look at ${alice.person.network.url}/rooms/tower/tower-100`)
      await alice.isAllSent()
      const message = alice.message('Look at')
      await message.getByRole('link', { name: /tower-100/ }).click()
      for (const text of ['#0099', '#0100', '#0101']) await alice.isInView(text)
      await alice.page.goBack()
      await alice.isInView('Look at')
    }
  })

  journey('Shift+Enter breaks the line, Enter sends, and neither does while an input method composes', async ({ world }) => {
    const [alice, bob] = await world.inGeneral('alice', 'bob')
    await alice.box.fill('one')
    await alice.box.press('Shift+Enter')
    await alice.box.pressSequentially('two')
    expect(await alice.box.inputValue()).toBe('one\ntwo')
    await alice.box.press('Enter')
    await bob.sees('one two')
    expect(await bob.bodies()).toEqual(['one\ntwo'])

    await alice.isAllSent()
    const keyboard = await alice.person.context.newCDPSession(alice.page)
    await keyboard.send('Input.imeSetComposition', { text: 'にほん', selectionStart: 3, selectionEnd: 3 })
    await alice.box.press('Enter')
    expect(await alice.box.inputValue()).toContain('にほん')
    expect(await alice.bodies()).toEqual(['one\ntwo'])
    await keyboard.send('Input.insertText', { text: '日本' })
    await alice.box.press('Enter')
    await bob.sees('日本')
  })

  journey('a draft survives a reload, and one writes on where it ends', async ({ world }) => {
    const [alice] = await world.inGeneral('alice')
    await alice.box.fill('Half a thou')
    await alice.page.reload()
    await expect.poll(() => alice.box.inputValue(), PATIENCE).toBe('Half a thou')
    await expect.poll(() => alice.box.evaluate((box) => box === document.activeElement), PATIENCE).toBe(true)
    await alice.page.keyboard.type('ght')
    await alice.box.press('Enter')
    await alice.sees('Half a thought')
    await alice.page.reload()
    await alice.sees('Half a thought')
    await expect.poll(() => alice.box.inputValue(), PATIENCE).toBe('')
  })
})
