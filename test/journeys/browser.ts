import { type Browser, chromium as driver } from 'playwright-core'
import { chromium } from '#test/binaries.ts'

const QUIET = [
  '--disable-gpu',
  '--in-process-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // A turn of the wheel is over at once: what moves afterwards was moved by the page.
  '--disable-smooth-scrolling',
]

export function launchBrowser(...more: string[]): Promise<Browser> {
  return driver.launch({ executablePath: chromium.path, args: ['--no-sandbox', ...QUIET, ...more] })
}

/** In a page: what waits for exactly this long never comes, so that a busy machine does not bring it on in the middle of a story. */
export function neverAfter(ms: number): void {
  const later = globalThis.setTimeout
  Object.assign(globalThis, { setTimeout: (run: () => void, after?: number) => (after === ms ? 0 : later(run, after)) })
}
