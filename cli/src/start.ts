import { fileURLToPath } from 'node:url'
import { onePiece } from './one-piece.ts'

/**
 * Starts the program: in one piece where `npm ci` has made it of these very sources, which spares it the search for a thousand files; or else
 * from the sources. BELFRY_FROM_SOURCES: always from the sources, for whoever replaces some of them as they are loaded.
 */
const piece = process.env['BELFRY_FROM_SOURCES'] ? null : onePiece(fileURLToPath(new URL('../..', import.meta.url)))
// What fails is told by its place in the sources.
if (piece) process.setSourceMapsEnabled(true)
await import(piece ?? './main.ts')
