import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, utimesSync } from 'node:fs'
import { basename, join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Plugin } from 'rolldown'
import { MADE_IN, onePieceFolder } from './one-piece.ts'

/** Puts the program together in one piece, for start.ts. Without it all works, and starts more slowly. */
const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const ENTRIES = { main: 'cli/src/main.ts', writer: 'server/src/writer.ts' }
/** A server that runs may still load a part of the one that it was started from. */
const KEPT = 3
/** Whoever has not finished one by then was killed. */
const ASIDE_MS = 60 * 60_000

try {
  await makeUnlessThere(onePieceFolder(ROOT))
} catch (error) {
  console.warn(`Belfry could not be put together in one piece: it starts from its sources, more slowly. ${String(error)}`)
}

async function makeUnlessThere(folder: string): Promise<void> {
  // Those are kept that were wanted last.
  if (existsSync(folder)) return utimesSync(folder, new Date(), new Date())
  const aside = `${folder}.${process.pid}`
  try {
    mkdirSync(join(ROOT, MADE_IN), { recursive: true })
    await make(folder, aside)
    // Another install may do the same at this moment.
    if (!existsSync(folder)) renameSync(aside, folder)
  } finally {
    rmSync(aside, { recursive: true, force: true })
  }
  removeOld(folder)
}

async function make(folder: string, aside: string): Promise<void> {
  const { rolldown } = await import('rolldown')
  const bundle = await rolldown({ input: ENTRIES, cwd: ROOT, platform: 'node', plugins: [places(folder)], logLevel: 'silent' })
  await bundle.write({ dir: aside, format: 'esm', sourcemap: true })
}

function removeOld(folder: string): void {
  const all = join(ROOT, MADE_IN)
  const others = readdirSync(all).filter((name) => name !== basename(folder))
  const wantedAt = (name: string) => statSync(join(all, name)).mtimeMs
  const [unfinished, whole] = [others.filter(isAside), others.filter((name) => !isAside(name))]
  const old = whole.toSorted((one, other) => wantedAt(other) - wantedAt(one)).slice(KEPT - 1)
  const left = unfinished.filter((name) => wantedAt(name) < Date.now() - ASIDE_MS)
  for (const name of [...old, ...left]) rmSync(join(all, name), { recursive: true, force: true })
}

function isAside(name: string): boolean {
  return name.includes('.')
}

/** Where a source says what lies beside it, that is said from where it is now: lines stay where they are. The writer's script is in one piece too. */
function places(folder: string): Plugin {
  const writer = "new URL('./writer.ts', import.meta.url)"
  return {
    name: 'places',
    transform(code, id) {
      if (!id.startsWith(ROOT) || id.includes(`${sep}node_modules${sep}`) || !code.includes('import.meta.url')) return null
      const place = JSON.stringify(relative(folder, id).replaceAll(sep, '/'))
      const parts = code.split(writer).map((text) => text.replaceAll('import.meta.url', `new URL(${place}, import.meta.url)`))
      return { code: parts.join("new URL('./writer.js', import.meta.url)"), map: null }
    },
  }
}
