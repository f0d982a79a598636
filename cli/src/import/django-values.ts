import { MESSAGE_MAX_CHARS, TITLE_MAX_CHARS } from '@belfry/protocol/limits.ts'

/** Pure: what stands in Django's columns, as Belfry has it. */

/** `2011-04-28 06:24:01.001000` is UTC, as Django stores it in SQLite. Null: it is no time. */
export function timeOf(value: unknown): number | null {
  const match = typeof value === 'string' && /^(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)(Z|[+-]\d\d:\d\d)?)?$/.exec(value)
  if (!match) return null
  const [, date, time = '00:00', zone = 'Z'] = match
  const ms = Date.parse(`${date}T${time}${zone}`)
  return ms >= 0 ? ms : null
}

/** A long text in pieces that a message may have: broken at a line or a word where there is one, and all of it kept. */
export function messageBodies(text: string): string[] {
  const bodies: string[] = []
  let rest = text
  while (rest.length > MESSAGE_MAX_CHARS) {
    const body = rest.slice(0, breakWithin(rest, MESSAGE_MAX_CHARS))
    bodies.push(body)
    rest = rest.slice(body.length)
  }
  return [...bodies, rest]
}

const ELLIPSIS = '…'

/** A notification's text as its title; a long one begins in the title and stands whole in the body. */
export function titleAndBody(text: string): { title: string; body: string | null } {
  if (text.length <= TITLE_MAX_CHARS) return { title: text, body: null }
  const title = text.slice(0, breakWithin(text, TITLE_MAX_CHARS - ELLIPSIS.length)).trimEnd()
  return { title: title + ELLIPSIS, body: text }
}

/** Where to break: behind the last line or word in the second half, and never inside a character. */
function breakWithin(text: string, max: number): number {
  const begin = text.slice(0, max)
  const space = Math.max(begin.lastIndexOf('\n'), begin.lastIndexOf(' ')) + 1
  if (space > max / 2) return space
  return begin.isWellFormed() ? max : max - 1
}

/** What the project called somebody: first and last name, or one name; the user name where there is neither. */
export function nameOf(row: Record<string, unknown>): string {
  const parts = [row.first_name, row.last_name].filter((part) => typeof part === 'string' && part.trim() !== '')
  const whole = [row.name, row.full_name].find((part) => typeof part === 'string' && part.trim() !== '')
  const name = parts.length > 0 ? parts.join(' ') : whole
  return typeof name === 'string' ? name.trim() : String(row.username)
}

/** User names that differ for Django may be one here, where case does not count: whoever comes later gets a number behind theirs. */
export function distinctNames(usernames: string[], fold: (username: string) => string): string[] {
  const taken = new Set<string>()
  const firsts = usernames.map((username) => !taken.has(fold(username)) && taken.add(fold(username)))
  return usernames.map((username, at) => (firsts[at] ? username : numbered(username, { taken, fold })))
}

function numbered(username: string, { taken, fold }: { taken: Set<string>; fold: (username: string) => string }): string {
  for (let number = 2; ; number++) {
    const candidate = `${username}-${number}`
    if (taken.has(fold(candidate))) continue
    taken.add(fold(candidate))
    return candidate
  }
}
