import { rowOf } from './lint/layers.ts'
import { sources } from './sources.ts'

/** Files for which no row of architecture.js speaks: nothing would hold them back. */
export function layerProblems(): string[] {
  return sources('*/{src,test,bin}/**/*.{ts,tsx,js}')
    .filter((file) => !rowOf(file))
    .map((file) => `${file}: architecture.js has no row for it. Say there what it may import.`)
}
