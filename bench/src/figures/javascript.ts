import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { join } from 'node:path'
import type { Workshop } from '#measure.ts'
import { startBelfry } from '#programs/belfry-server.ts'
import { spread } from '#statistics.ts'
import type { Figure } from './figure.ts'

const DIST = fileURLToPath(new URL('../../../web/dist/', import.meta.url))
const KB = 1000
const JAVASCRIPT_MAX_KB = 180

/** The scripts that the page loads by itself, before anything is painted, each as gzip sends it. The same in every run. */
export async function javascript(_runs: number, { root, progress }: Workshop): Promise<Figure[]> {
  progress('JavaScript before the first paint')
  if (!existsSync(join(DIST, 'index.html'))) await buildByStarting(root)
  const page = readFileSync(join(DIST, 'index.html'), 'utf8')
  const bytes = scriptsOf(page).reduce((sum, path) => sum + gzipSync(readFileSync(join(DIST, path)), { level: 9 }).length, 0)
  const size = spread([bytes / KB])
  return [{ what: 'JavaScript before the first paint, gzipped', unit: 'kB', spread: size, atMost: JAVASCRIPT_MAX_KB, part: 'javascript' }]
}

/** Entry scripts and what they import at once, which the build lists for preloading. */
function scriptsOf(page: string): string[] {
  const tags = page.match(/<script\b[^>]*>|<link\b[^>]*rel="modulepreload"[^>]*>/g) ?? []
  return [...new Set(tags.flatMap((tag) => /(?:src|href)="([^"]+\.js)"/.exec(tag)?.[1] ?? []))]
}

async function buildByStarting(root: string): Promise<void> {
  await using _server = await startBelfry({ folder: join(root, 'build'), web: 'on' })
}
