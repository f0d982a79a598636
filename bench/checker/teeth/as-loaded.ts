import { registerHooks } from 'node:module'
import { planted } from './planted.ts'
import type { Piece } from './plants.ts'

/** Has these pieces replaced in the sources that this process loads from now on. */
export function replaceAsLoaded(pieces: readonly Piece[]): void {
  process.env['BELFRY_FROM_SOURCES'] = 'yes'
  registerHooks({
    load(url, context, nextLoad) {
      const loaded = nextLoad(url, context)
      const concerned = pieces.filter(({ file }) => url.endsWith(`/${file}`))
      return concerned.length === 0 ? loaded : { ...loaded, source: planted(String(loaded.source), concerned) }
    },
  })
}
