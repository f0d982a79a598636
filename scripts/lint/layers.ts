import { posix } from 'node:path'
import { architecture } from '#architecture.js'
import type { ImportNode, Rule } from './rule.ts'

interface Row {
  at: string
  may: string[]
  types?: string[]
  packages?: string[]
}

/** Refuses every import that the table in architecture.js does not list, and every path that climbs with `../`. */
export const layers: Rule = {
  create(context) {
    const file = context.path
    const row = rowOf(file)
    return {
      ImportDeclaration: check,
      ExportNamedDeclaration: check,
      ExportAllDeclaration: check,
      ImportExpression: check,
      TSImportType: check,
    }

    function check(node: ImportNode): void {
      const from = node.source?.value
      if (typeof from !== 'string') return
      const message = objection({ row, file, from, isType: isTypeOnly(node) })
      if (message) context.report({ node, message })
    }
  },
}

/** The row that speaks for a file: the longest that matches. */
export function rowOf(file: string): Row | undefined {
  const matching = (architecture as Row[]).filter(({ at }) => isBelow(file, at))
  return matching.toSorted((a, b) => b.at.length - a.at.length)[0]
}

interface Import {
  row: Row | undefined
  file: string
  from: string
  isType: boolean
}

function objection({ row, file, from, isType }: Import): string | null {
  if (from.split('/').includes('..')) return `'${from}' climbs: write '#folder/file.ts' across folders, './file.ts' within one.`
  if (!row) return null
  const target = resolve(file, from)
  if (target === null)
    return mayUsePackage(row, from) ? null : `${row.at} may not use '${from}'. Of packages it may: ${list(row.packages ?? [])}.`
  if (isBelow(target, row.at) || row.may.some((path) => isBelow(target, path))) return null
  if (!row.types?.some((path) => isBelow(target, path)))
    return `${row.at} may not import '${from}'. It may: ${paths(row, [...row.may, ...(row.types ?? [])])}.`
  return isType ? null : `${row.at} may import only types from '${from}': write 'import type'. Values: ${paths(row, row.may)}.`
}

/** `#chat/rooms.ts` in the server → `server/src/chat/rooms.ts`; null for a package of others. */
export function resolve(file: string, from: string): string | null {
  if (from.startsWith('./')) return posix.join(posix.dirname(file), from)
  if (from.startsWith('#')) return packageRoot(file) + from.slice(1)
  const ours = /^@belfry\/([a-z]+)(?:\/(?:src\/)?(.+))?$/.exec(from)
  return ours ? `${ours[1]}/src/${ours[2] ?? ''}` : null
}

const PACKAGES = ['protocol', 'client', 'server', 'web', 'cli', 'bench']

function packageRoot(file: string): string {
  const first = file.split('/')[0]!
  return PACKAGES.includes(first) ? `${first}/src/` : ''
}

function isBelow(path: string, place: string): boolean {
  if (place.endsWith('/*s.ts')) return path.startsWith(place.slice(0, -'*s.ts'.length)) && path.endsWith('s.ts')
  return place.endsWith('/') ? path.startsWith(place) : path === place
}

function mayUsePackage(row: Row, from: string): boolean {
  if (!row.packages) return true
  const name = from.startsWith('node:') ? 'node:' : packageName(from)
  return row.packages.includes(name)
}

function packageName(from: string): string {
  return from.split('/', from.startsWith('@') ? 2 : 1).join('/')
}

function isTypeOnly(node: ImportNode): boolean {
  return node.type === 'TSImportType' || node.importKind === 'type' || node.exportKind === 'type'
}

/** As one writes them in an import. */
function paths(row: Row, places: string[]): string {
  const own = packageRoot(row.at)
  return list(places.map((place) => (place.startsWith(own) ? `#${place.slice(own.length)}` : `@belfry/${place.replace('/src/', '/')}`)))
}

function list(names: string[]): string {
  return names.length > 0 ? names.join(', ') : 'nothing'
}
