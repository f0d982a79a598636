import { describe, expect } from 'vitest'
import { journey } from './journey.ts'
import { becomes, dialog } from './pages.ts'
import { PATIENCE } from './screen.ts'

describe('reactions', () => {
  journey('two people react: both see how many and who, at once; a click takes one’s own back', async ({ world }) => {
    const [alice, bob] = await world.inGeneral('alice', 'bob')
    await alice.writes('Lunch at noon?')
    await alice.isAllSent()
    await bob.reacts('Lunch at noon?', 'thumbs up')
    await becomes(() => alice.reactions('Lunch at noon?'), ['👍 1: Bob'])
    const button = alice.message('Lunch at noon?').getByRole('button', { name: /^👍/ })
    expect(await button.getAttribute('aria-pressed')).toBe('false')

    await alice.page.bringToFront()
    await button.click()
    await alice.reacts('Lunch at noon?', 'party')
    for (const screen of [alice, bob]) await becomes(() => screen.reactions('Lunch at noon?'), ['👍 2: Bob, Alice', '🎉 1: Alice'])
    expect(await button.getAttribute('aria-pressed')).toBe('true')
    await button.hover()
    expect(await button.getAttribute('title')).toBe('👍 2: Bob, Alice')

    await button.click()
    for (const screen of [alice, bob]) await becomes(() => screen.reactions('Lunch at noon?'), ['👍 1: Bob', '🎉 1: Alice'])
    await alice.page.reload()
    await becomes(() => alice.reactions('Lunch at noon?'), ['👍 1: Bob', '🎉 1: Alice'])
    await alice.deletes('Lunch at noon?')
    await bob.message('Lunch at noon?').waitFor({ state: 'detached' })
  })

  journey('what comes to stand at the last message stays in view', async ({ world }) => {
    const at = Date.now() - 60_000
    await world.history(Array.from({ length: 40 }, (_, n) => ({ by: 'bob', body: `Line ${n + 1} of many`, at: at + n })))
    const [alice, bob] = await world.inGeneral('alice', 'bob')
    await alice.isInView('Line 40 of many')
    await bob.reacts('Line 40 of many', 'heart')
    await alice.page.bringToFront()
    await becomes(() => alice.reactions('Line 40 of many'), ['❤️ 1: Bob'])
    await alice.comesToRest()
    await alice.isInView('Line 40 of many')
  })

  journey('from the keyboard: Escape gives the focus back, arrows choose, and what was used last stands first', async ({ world }) => {
    const [alice] = await world.inGeneral('alice')
    await alice.writes('Good morning')
    await alice.isAllSent()
    const { page } = alice
    const panel = page.getByRole('dialog', { name: 'React' })
    const focused = () => page.evaluate(() => document.activeElement?.getAttribute('aria-label'))
    await alice.message('Good morning').focus()
    const react = alice.message('Good morning').getByRole('button', { name: 'React' })
    await react.focus()
    await page.keyboard.press('Enter')
    await becomes(focused, 'thumbs up')
    await page.keyboard.press('Escape')
    await panel.waitFor({ state: 'detached' })
    await becomes(focused, 'React')

    await page.keyboard.press('Enter')
    await becomes(focused, 'thumbs up')
    for (const key of ['ArrowRight', 'ArrowDown', 'ArrowLeft', 'ArrowUp', 'ArrowDown']) await page.keyboard.press(key)
    expect(await focused()).toBe('thank you')
    await page.keyboard.press('Enter')
    await becomes(() => alice.reactions('Good morning'), ['🙏 1: Alice'])
    await becomes(focused, 'React')
    await page.reload()
    await alice.chooses('React', 'Good morning')
    await becomes(focused, 'thank you')
  })

  journey('who cannot be reached is told that it was not done', async ({ world }) => {
    const [alice] = await world.inGeneral('alice')
    await alice.writes('Good morning')
    await alice.isAllSent()
    await alice.reacts('Good morning', 'party')
    await becomes(() => alice.reactions('Good morning'), ['🎉 1: Alice'])
    alice.person.network.cut()
    await alice.reacts('Good morning', 'heart')
    await alice.seesText('The server cannot be reached.')
    expect(await alice.reactions('Good morning')).toEqual(['🎉 1: Alice'])
  })
})

describe('what a message said', () => {
  journey('“(edited)” leads to all its texts, the present one first', async ({ world }) => {
    const [alice, bob] = await world.inGeneral('alice', 'bob')
    await alice.writes('Lunch at eleven?')
    await alice.isAllSent()
    await alice.edits('Lunch at eleven?', 'Lunch at twelve?')
    await bob.sees('Lunch at twelve?')
    await alice.edits('Lunch at twelve?', 'Lunch at noon?')
    await bob.sees('Lunch at noon?')

    await bob.page.bringToFront()
    const edited = bob.message('Lunch at noon?').getByRole('button', { name: '(edited)' })
    await edited.click()
    const texts = () => dialog(bob).getByRole('listitem').locator('p:last-child').allTextContents()
    await expect.poll(texts, PATIENCE).toEqual(['Lunch at noon?', 'Lunch at twelve?', 'Lunch at eleven?'])
    await alice.edits('Lunch at noon?', 'Dinner?')
    await expect.poll(texts, PATIENCE).toEqual(['Dinner?', 'Lunch at noon?', 'Lunch at twelve?', 'Lunch at eleven?'])

    await bob.page.bringToFront()
    await bob.page.keyboard.press('Escape')
    await dialog(bob).waitFor({ state: 'detached' })
    expect(await bob.page.evaluate(() => document.activeElement?.textContent)).toBe('(edited)')
  })

  journey('where they cannot be loaded it is said, and tried again', async ({ world }) => {
    const [alice] = await world.inGeneral('alice')
    await alice.writes('One')
    await alice.isAllSent()
    await alice.edits('One', 'Two')
    await alice.isAllSent()
    const edited = alice.message('Two').getByRole('button', { name: '(edited)' })
    await edited.click()
    await dialog(alice).getByText('One', { exact: true }).waitFor()
    await dialog(alice).getByRole('button', { name: 'Close' }).click()
    alice.person.network.cut()
    await alice.seesText('Connection lost')
    await edited.click()
    await dialog(alice).getByRole('alert').waitFor()
    alice.person.network.restore()
    await dialog(alice).getByText('One', { exact: true }).waitFor()
  })
})
