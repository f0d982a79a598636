import { isBlank } from '@belfry/protocol/blank.ts'
import { inOneLine } from '@belfry/protocol/one-line.ts'

/** Pure: what stands in Django's columns, as Belfry has it. */

/** `2011-04-28 06:24:01.001000` is UTC, as Django stores it in SQLite. Null: it is no time. */
export function timeOf(value: unknown): number | null {
  const match = typeof value === 'string' && /^(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)(Z|[+-]\d\d:\d\d)?)?$/.exec(value)
  if (!match) return null
  const [, date, time = '00:00', zone = 'Z'] = match
  const ms = Date.parse(`${date}T${time}${zone}`)
  return ms >= 0 ? ms : null
}

/** What the project called somebody: first and last name, or one name; the user name where there is neither. */
export function nameOf(row: Record<string, unknown>): string {
  const parts = [row.first_name, row.last_name].map(partOf).filter((part) => part !== '')
  const whole = [row.name, row.full_name].map(partOf).find((part) => part !== '')
  return parts.length > 0 ? parts.join(' ') : (whole ?? String(row.username))
}

/** Blank: there is none. */
function partOf(value: unknown): string {
  const part = typeof value === 'string' ? inOneLine(value).trim() : ''
  return isBlank(part) ? '' : part
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
