import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { fingerprint } from './fingerprint.ts'

/** All that the program is made of. */
const INPUTS = [
  'cli/src',
  'server/src',
  'protocol/src',
  'cli/package.json',
  'server/package.json',
  'protocol/package.json',
  'cli/bin',
  'package-lock.json',
]

/** Below `node_modules`: there is a folder for the sources as they were when it was made. */
export const MADE_IN = join('node_modules', '.cache', 'belfry')

/** Where the program in one piece is, or would be, when it is made of the sources as they are. */
export function onePieceFolder(root: string): string {
  return join(root, MADE_IN, fingerprint(root, INPUTS).slice(0, 16))
}

/** What to import for the program; null: it was not made of these sources, or they cannot all be read. */
export function onePiece(root: string): string | null {
  try {
    const path = join(onePieceFolder(root), 'main.js')
    return existsSync(path) ? pathToFileURL(path).href : null
  } catch {
    return null
  }
}
