import { registerHooks } from 'node:module'
import { planted } from './planted.ts'
import { plantNamed } from './plants.ts'

/** Loaded ahead of a program by `--import`, also in its threads: makes the mistake that PLANT names in the sources as they are loaded. */
const { pieces } = plantNamed(process.env['PLANT']!)

registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context)
    const concerned = pieces.filter(({ file }) => url.endsWith(`/${file}`))
    return concerned.length === 0 ? loaded : { ...loaded, source: planted(String(loaded.source), concerned) }
  },
})
