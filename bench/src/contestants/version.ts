import { createRequire } from 'node:module'

/** Of a package that the benchmark has. */
export function versionOf(dependency: string): string {
  return (createRequire(import.meta.url)(`${dependency}/package.json`) as { version: string }).version
}
