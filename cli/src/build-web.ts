import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { stripVTControlCharacters } from 'node:util'
import { CannotStart } from '@belfry/server/lib/cannot-start.ts'
import { fingerprint } from './fingerprint.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const COMPRESS = new URL('./compress-folder.ts', import.meta.url)

/** All that the built app depends on. */
const INPUTS = [
  'web/src',
  'web/public',
  'web/index.html',
  'web/vite.config.ts',
  'web/package.json',
  'client/src',
  'protocol/src',
  'package-lock.json',
]

/** In the built folder: the fingerprint of what it was built from. */
const STAMP = '.built-from'

/** Whether what is served differs from the sources, or is not there. Without sources, what is there is right. */
export function webIsStale(root = ROOT): boolean {
  if (!existsSync(join(root, 'web', 'src'))) return false
  return stampOf(join(root, 'web', 'dist')) !== fingerprint(root, INPUTS)
}

/**
 * Builds the web app and answers in how many milliseconds, or null when `signal` stopped it. It is built aside and then put in place,
 * so that two starts at once do not mix; in processes of their own, whose memory is given back.
 */
export async function buildWeb({ signal, root = ROOT }: { signal: AbortSignal; root?: string }): Promise<number | null> {
  const begun = performance.now()
  const stamp = fingerprint(root, INPUTS)
  const aside = makeFolderAside(root)
  try {
    const built = join(aside, 'new', 'dist')
    const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js')
    await run([vite, 'build', '--outDir', built, '--emptyOutDir', '--logLevel', 'warn'], { cwd: join(root, 'web'), signal })
    await run([fileURLToPath(COMPRESS), built], { cwd: root, signal })
    writeFileSync(join(built, STAMP), stamp)
    putInPlace(built, { at: join(root, 'web', 'dist'), aside: join(aside, 'old', 'dist'), stamp })
  } catch (error) {
    if (signal.aborted) return null
    throw error
  } finally {
    rmSync(aside, { recursive: true, force: true })
  }
  return Math.round(performance.now() - begun)
}

function stampOf(folder: string): string | null {
  const stamp = join(folder, STAMP)
  return existsSync(stamp) ? readFileSync(stamp, 'utf8') : null
}

/** Beside the built folder: only within one file system can a folder be put in place at once. What is in it lies in folders named dist, which git ignores. */
function makeFolderAside(root: string): string {
  try {
    const aside = mkdtempSync(join(root, 'web', '.building-'))
    mkdirSync(join(aside, 'old'))
    return aside
  } catch (error) {
    throw new CannotStart(
      `The web app cannot be built: ${join(root, 'web')} cannot be written to (${codeOf(error)}). Start once as a user who owns it.`,
    )
  }
}

const OUTPUT_MAX_CHARS = 4_000

async function run(args: string[], { cwd, signal }: { cwd: string; signal: AbortSignal }): Promise<void> {
  const child = spawn(process.execPath, args, { cwd, signal, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output = (output + text).slice(-OUTPUT_MAX_CHARS)))
  }
  const [code] = (await once(child, 'close')) as [number | null]
  if (code !== 0) throw new CannotStart(`The web app could not be built.\n${stripVTControlCharacters(output).trim()}`)
}

const PLACING_TRIES_MAX = 20

/** Another start may do the same at this moment: whose sources are these, that build stays. */
function putInPlace(built: string, to: { at: string; aside: string; stamp: string }): void {
  for (let tries = 1; stampOf(to.at) !== to.stamp; tries += 1) {
    moveIfThere(to.at, to.aside)
    try {
      return renameSync(built, to.at)
    } catch (error) {
      const isTakenAgain = codeOf(error) === 'ENOTEMPTY' || codeOf(error) === 'EEXIST'
      if (!isTakenAgain || tries === PLACING_TRIES_MAX) throw error
      rmSync(to.aside, { recursive: true, force: true })
    }
  }
}

function moveIfThere(from: string, to: string): void {
  try {
    renameSync(from, to)
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error)
}
