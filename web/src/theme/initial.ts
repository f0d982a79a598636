import { isBlank } from '@belfry/protocol/blank.ts'

/** What stands for a name where there is space for one character: its first letter or digit, or else the first that is seen. */
export function initialOf(name: string): string {
  const seen = [...name].filter((character) => !isBlank(character))
  return (seen.find((character) => /[\p{L}\p{N}]/u.test(character)) ?? seen[0] ?? '·').toLocaleUpperCase()
}
