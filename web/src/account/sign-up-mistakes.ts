import { PASSWORD_MIN_CHARS } from '@belfry/protocol/limits.ts'

export interface SignUpInput {
  username: string
  name: string
  password: string
}

export type SignUpMistakes = { [field in keyof SignUpInput]?: string }

// What the server accepts; it has the last word.
const USERNAME = /^[\p{L}\p{N}](?:[\p{L}\p{N}._@+-]*[\p{L}\p{N}_])?$/u

/** What the server would refuse, said before it is asked; in the order of the form. */
export function mistakesIn({ username, password }: SignUpInput): SignUpMistakes {
  const mistakes: SignUpMistakes = {}
  if (username === '') mistakes.username = 'Choose a user name.'
  else if (!USERNAME.test(username))
    mistakes.username = 'Use letters, digits and . _ - @ + only, beginning and ending with a letter or digit.'
  if (password.length < PASSWORD_MIN_CHARS) mistakes.password = `Use at least ${PASSWORD_MIN_CHARS} characters.`
  return mistakes
}
