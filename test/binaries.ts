import { findProgram } from '#bench/src/programs/find-program.ts'

/** A program that some tests need and npm does not bring: `test.skipIf(chromium.missing)`, then `chromium.path`. */
export interface Binary {
  name: string
  path: string
  missing: boolean
  /** What cannot be tested without it. */
  needed: string
}

/** The shell is Chromium without its windows: the same pages for two thirds of the work. */
export const chromium = binary({
  names: ['chromium-headless-shell', 'chromium', 'chromium-browser', 'google-chrome'],
  needed: 'journeys in a real browser',
})
export const curl = binary({ names: ['curl'], needed: 'following a topic from a shell' })

export const binaries: readonly Binary[] = [chromium, curl]

function binary({ names, needed }: { names: [string, ...string[]]; needed: string }): Binary {
  const path = findProgram(...names)
  return { name: names[0], path: path ?? names[0], missing: path === null, needed }
}
