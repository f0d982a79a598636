import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const LEFT_OUT = /(?:^|\/)(?:node_modules|dist|planted)(?:\/|$)/

/** Files below a folder that match, as paths from there, sorted. */
export function sources(pattern: string, root = '.'): string[] {
  return globSync(pattern, { cwd: root, exclude: (path) => LEFT_OUT.test(path) }).toSorted()
}

export function read(path: string, root = '.'): string {
  return readFileSync(join(root, path), 'utf8')
}
