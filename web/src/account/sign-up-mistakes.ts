import { PASSWORD_MIN_CHARS } from '@belfry/protocol/limits.ts'
import { USERNAME } from '@belfry/protocol/names.ts'

export interface SignUpInput {
  username: string
  name: string
  password: string
}

export type SignUpMistakes = { [field in keyof SignUpInput]?: string }

/** What the server would refuse, said before it is asked; in the order of the form. */
export function mistakesIn({ username, password }: SignUpInput): SignUpMistakes {
  const found = { username: usernameMistake(username), password: passwordMistake(password) }
  return Object.fromEntries(Object.entries(found).filter(([, mistake]) => mistake !== undefined))
}

export function usernameMistake(username: string): string | undefined {
  if (username === '') return 'Choose a user name.'
  if (USERNAME.test(username)) return undefined
  return 'Use visible letters, digits and . _ - @ + only, beginning with a letter or digit, and ending with one or with _.'
}

export function passwordMistake(password: string): string | undefined {
  return password.length < PASSWORD_MIN_CHARS ? `Use at least ${PASSWORD_MIN_CHARS} characters.` : undefined
}
