import type { Locator } from 'playwright-core'
import { expect } from 'vitest'
import { PATIENCE, type Screen } from './screen.ts'

/** The pages of forms, in the words of who fills them in. */

export type Fields = Record<string, string>

/** The open question or form. */
export function dialog({ page }: Screen): Locator {
  return page.locator('dialog[open]')
}

/** Somebody's row on the page of people. */
export function personRow({ page }: Screen, username: string): Locator {
  return page.getByRole('list', { name: 'People' }).getByRole('listitem', { name: username, exact: true })
}

/** Chooses from the menu of somebody's row. */
export async function choosesFor(screen: Screen, username: string, deed: string): Promise<void> {
  await screen.page.bringToFront()
  await screen.page.getByRole('button', { name: `Actions for ${username}` }).click()
  await screen.page.getByRole('menuitem', { name: deed }).click()
}

export async function fillsIn(within: Locator, fields: Fields): Promise<void> {
  for (const [label, value] of Object.entries(fields)) await within.getByLabel(label, { exact: true }).fill(value)
}

/** Presses a button of the open dialog, and waits until it is gone. */
export async function confirms(screen: Screen, button: string): Promise<void> {
  await dialog(screen).getByRole('button', { name: button, exact: true }).click()
  await dialog(screen).waitFor({ state: 'detached' })
}

/** Pressed again and again, Escape closes a dialog over the page’s head: what it shows once must not be lost. */
export async function survivesEscape(screen: Screen): Promise<void> {
  for (let times = 0; times < 4; times += 1) await screen.page.keyboard.press('Escape')
  await dialog(screen).waitFor()
}

/** What is shown once, in the dialog that shows it. */
export async function readsOnce(screen: Screen, label: string): Promise<string> {
  const value = await dialog(screen).getByLabel(label, { exact: true }).inputValue()
  await confirms(screen, 'Done')
  return value
}

/** These rooms stand in the list, in this order, with what is said of each. */
export async function lists(screen: Screen, rooms: string[]): Promise<void> {
  await expect.poll(() => screen.rooms.allTextContents(), PATIENCE).toEqual(rooms)
}

/** Nothing reaches over the edge of the window. */
export async function fitsTheWidth({ page }: Screen): Promise<void> {
  const { wide, width } = await page.evaluate(() => {
    const parts = [...document.querySelectorAll('html, main, main > div')].map((part) => part.scrollWidth)
    return { wide: Math.max(...parts), width: document.documentElement.clientWidth }
  })
  expect(wide).toBeLessThanOrEqual(width)
}

/** A file that a browser reads as a picture of one colour, wider than high. */
export async function pictureFile({ page }: Screen, colour: string): Promise<{ name: string; mimeType: string; buffer: Buffer }> {
  const base64 = await page.evaluate((colour) => {
    const canvas = document.createElement('canvas')
    canvas.width = 900
    canvas.height = 600
    const context = canvas.getContext('2d')!
    context.fillStyle = colour
    context.fillRect(0, 0, 900, 600)
    return canvas.toDataURL('image/png').split(',')[1]!
  }, colour)
  return { name: 'portrait.png', mimeType: 'image/png', buffer: Buffer.from(base64, 'base64') }
}

/** The picture that stands beside a message: its size and the colour of its middle; null while a letter does. */
export async function pictureBeside(screen: Screen, message: string) {
  const image = screen.message(message).locator('img')
  if ((await image.count()) === 0) return null
  return image.evaluate((element: HTMLImageElement) => {
    const canvas = document.createElement('canvas')
    const context = canvas.getContext('2d')!
    context.drawImage(element, 0, 0, 1, 1)
    const [red, green, blue] = context.getImageData(0, 0, 1, 1).data
    return { width: element.naturalWidth, height: element.naturalHeight, isRed: red! > 200 && green! < 60 && blue! < 60 }
  })
}

/** What is to be seen for a moment alone, by what is done. */
export async function during<T>(seen: Promise<unknown>, act: () => Promise<T>): Promise<T> {
  const [done] = await Promise.all([act(), seen])
  return done
}

export async function becomes<T>(look: () => Promise<T>, expected: T): Promise<void> {
  await expect.poll(look, PATIENCE).toEqual(expected)
}

/** The text of the message below the line that says what is new. */
export async function lineStandsAbove(screen: Screen): Promise<string> {
  await screen.log.locator('[data-new]').waitFor()
  return screen.log.evaluate((log) => {
    const bottom = log.querySelector('[data-new]')!.getBoundingClientRect().bottom - 1
    const below = [...log.querySelectorAll('article')].filter((one) => one.getBoundingClientRect().top >= bottom)
    const first = below.toSorted((a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top)[0]
    return first?.querySelector('[id$="-text"]')?.textContent ?? ''
  })
}
