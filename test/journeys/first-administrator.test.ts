import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect } from 'vitest'
import { launched } from './journey.ts'
import { BELFRY, environment, ROOT } from './server.ts'

describe('the first administrator', () => {
  launched(
    'opens the link that the terminal shows, makes the account and is in General; the link works once',
    async ({ browser, onTestFinished }) => {
      const folder = mkdtempSync(join(tmpdir(), 'belfry-first-'))
      const terminal = openTerminal(folder)
      onTestFinished(() => {
        terminal.kill('SIGKILL')
        rmSync(folder, { recursive: true, force: true })
      })
      const link = await linkSaidIn(terminal)

      const context = await browser.newContext()
      const page = await context.newPage()
      await page.goto(new URL('/sign-in', link).href)
      await page.getByText('Nobody has an account here yet.').waitFor()
      await page.goto(link)
      await page.getByRole('heading', { name: 'Welcome to Belfry' }).waitFor()
      await page.getByLabel('User name').fill('alice')
      await page.getByLabel('Name', { exact: true }).fill('Alice')
      await page.getByLabel('Password').fill('correct horse battery')
      await page.getByRole('button', { name: 'Create account' }).click()
      await page.waitForURL(/\/rooms\/general$/)
      await page.getByRole('heading', { name: 'This is General' }).waitFor()
      await page.getByRole('button', { name: /^Account: Alice/ }).click()
      await page.getByRole('menuitem', { name: 'Administration' }).click()
      await page.getByRole('listitem', { name: 'alice' }).getByText('Administrator').waitFor()

      const stranger = await (await browser.newContext()).newPage()
      await stranger.goto(link)
      await stranger.getByLabel('User name').fill('bob')
      await stranger.getByLabel('Password').fill('correct horse battery')
      await stranger.getByRole('button', { name: 'Create account' }).click()
      await stranger.getByRole('alert').waitFor()
      expect(new URL(stranger.url()).pathname).toBe('/welcome')

      const ended = once(terminal, 'exit')
      terminal.stdin!.write('\u0003')
      expect(await ended).toEqual([0, null])
    },
  )
})

/** `belfry serve` at a terminal, which `script` provides: the link is a secret and is shown to a person only. */
function openTerminal(folder: string): ChildProcess {
  const command = `exec ${process.execPath} ${BELFRY} serve`
  return spawn('script', ['--quiet', '--return', '--command', command, '/dev/null'], {
    cwd: ROOT,
    env: environment({ DATA_DIR: join(folder, 'data'), PORT: '0', TERM: 'xterm' }),
    stdio: ['pipe', 'pipe', 'inherit'],
  })
}

async function linkSaidIn(terminal: ChildProcess): Promise<string> {
  let said = ''
  for await (const text of terminal.stdout!.setEncoding('utf8').iterator({ destroyOnReturn: false })) {
    said += String(text)
    const link = /http:\S+\/welcome#\S+/.exec(said)?.[0]
    if (link && said.includes('Ctrl+C')) return link
  }
  throw new Error(`The terminal showed no link: ${said}`)
}
