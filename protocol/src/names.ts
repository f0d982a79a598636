import { NAMED_MAX, USERNAME_MAX_CHARS } from './limits.ts'

/** What names many: everybody in the room, and those of them who are here now. No account can have these user names. */
export const NAMES_OF_MANY = ['room', 'here'] as const

/** A place in a text that may name somebody. */
export interface Naming {
  /** Where the `@` stands, in UTF-16 code units. */
  at: number
  /** What may be the name, the longest first: a user name may hold dots, and a sentence may end behind it. */
  candidates: string[]
}

/** What user names are. Unicode has letters that nobody sees. */
export const USERNAME = /^(?!.*\p{Default_Ignorable_Code_Point})[\p{L}\p{N}](?:[\p{L}\p{N}._@+-]*[\p{L}\p{N}_])?$/u
// What they are made of. Behind such a character an @ is part of an address.
const NAMING = /(?<![\p{L}\p{N}._@+-])@([\p{L}\p{N}][\p{L}\p{N}._@+-]*)/gu
const LAST_PART = /[._@+-]+[\p{L}\p{N}]*$|[.@+-]+$/u

export function namingsIn(text: string): Naming[] {
  if (!text.includes('@')) return []
  return [...text.matchAll(NAMING)].map(({ index, 1: run }) => ({
    at: index,
    candidates: candidatesIn(run!.slice(0, 2 * USERNAME_MAX_CHARS)),
  }))
}

function candidatesIn(run: string): string[] {
  const candidates: string[] = []
  for (let name = run.replace(/[.@+-]+$/u, ''); name !== ''; name = shorter(name)) {
    if (name.length <= USERNAME_MAX_CHARS) candidates.push(name)
  }
  return candidates
}

function shorter(name: string): string {
  const cut = name.replace(LAST_PART, '')
  return cut === name ? '' : cut
}

/** Whom a text names, by the names as they are written there. `idOf`: undefined for what names nobody. */
export function namesIn(text: string, idOf: (name: string) => string | undefined): Record<string, string> {
  const names = new Map<string, string>()
  for (const { candidates } of namingsIn(text)) {
    const named = firstNamed(candidates, idOf)
    if (named && names.size < NAMED_MAX) names.set(...named)
  }
  return Object.fromEntries(names)
}

function firstNamed(candidates: string[], idOf: (name: string) => string | undefined): [string, string] | null {
  for (const candidate of candidates) {
    const id = idOf(candidate)
    if (id !== undefined) return [candidate, id]
  }
  return null
}
