import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

/** A program that some tests need and npm does not bring: `test.skipIf(chromium.missing)`, then `chromium.path`. */
export interface Binary {
  name: string
  path: string
  missing: boolean
  /** What cannot be tested without it. */
  needed: string
}

export const chromium = binary({ names: ['chromium', 'chromium-browser', 'google-chrome'], needed: 'journeys in a real browser' })
export const curl = binary({ names: ['curl'], needed: 'following a topic from a shell' })

export const binaries: readonly Binary[] = [chromium, curl]

function binary({ names, needed }: { names: [string, ...string[]]; needed: string }): Binary {
  const folders = (process.env.PATH ?? '').split(delimiter)
  const path = names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isExecutable)
  return { name: names[0], path: path ?? names[0], missing: path === undefined, needed }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
