import { type Browser, chromium as driver } from 'playwright-core'
import { chromium } from '#test/binaries.ts'

const QUIET = ['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync']

export function launchBrowser(): Promise<Browser> {
  return driver.launch({ executablePath: chromium.path, args: ['--no-sandbox', ...QUIET] })
}
