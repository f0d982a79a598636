import { readFile } from 'node:fs/promises'
import { stripTypeScriptTypes } from 'node:module'
import { join } from 'node:path'
import type { BrowserContext, Page, Route } from 'playwright-core'
import type { forgetRowsOfOthers, keepInBrowser } from '@belfry/client/kept-in-browser.ts'
import type { keptStories } from '#client/test/kept-stories.ts'
import { ROOT } from './server.ts'

/** What a script in the page finds. */
export interface KeptPage {
  keptStories: typeof keptStories
  keepInBrowser: typeof keepInBrowser
  forgetRowsOfOthers: typeof forgetRowsOfOthers
}

/** Nobody answers there: all that the page asks for is read from the sources, their types taken away. */
const ORIGIN = 'https://kept.example'
const PAGE = `<!doctype html><title>Kept</title><script type="module">
import { keptStories } from '/client/test/kept-stories.ts'
import { forgetRowsOfOthers, keepInBrowser } from '/client/src/kept-in-browser.ts'
Object.assign(globalThis, { keptStories, forgetRowsOfOthers, keepInBrowser })
</script>`

const IMPORTED = /(from '|import ')(#|@belfry\/protocol\/)/g
const AT: Record<string, string> = { '#': '/client/src/', '@belfry/protocol/': '/protocol/src/' }

/** A page of a browser that has what keeps there. */
export async function openKeptPage(context: BrowserContext): Promise<Page> {
  const page = await context.newPage()
  await page.route(`${ORIGIN}/**`, answer)
  await page.goto(`${ORIGIN}/`)
  return page
}

async function answer(route: Route): Promise<void> {
  const { pathname } = new URL(route.request().url())
  if (!pathname.endsWith('.ts')) return route.fulfill({ contentType: 'text/html', body: PAGE })
  const source = stripTypeScriptTypes(await readFile(join(ROOT, pathname), 'utf8'))
  const body = source.replace(IMPORTED, (_, before: string, name: string) => before + AT[name])
  return route.fulfill({ contentType: 'text/javascript', body })
}
