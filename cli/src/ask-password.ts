import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { PASSWORD_MAX_CHARS, PASSWORD_MIN_CHARS } from '@belfry/protocol/limits.ts'
import { Refusal } from '@belfry/server/lib/refusal.ts'

const INTERRUPTED = 130

/** A new password: from standard input, or asked for twice on the terminal, where it does not appear. Refusal: malformed. */
export async function askPassword({ passwordStdin }: { passwordStdin?: boolean }): Promise<string> {
  if (passwordStdin) return longEnough(await fromStdin())
  if (!process.stdin.isTTY) throw new Refusal('malformed', 'There is no terminal to ask for the password. Give it with --password-stdin.')
  return askTwice()
}

/** The input as it is, without the newline at its end. */
async function fromStdin(): Promise<string> {
  const bytes = await buffer(process.stdin)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes).replace(/\r?\n$/, '')
  } catch {
    throw new Refusal('malformed', 'The password on standard input is not UTF-8.')
  }
}

async function askTwice(): Promise<string> {
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() })
  const terminal = createInterface({ input: process.stdin, output: silent, terminal: true, historySize: 0 })
  terminal.on('SIGINT', () => {
    terminal.close()
    process.exit(INTERRUPTED)
  })
  // One iterator for both answers: what is pasted at once is not lost between them.
  const lines = terminal[Symbol.asyncIterator]()
  try {
    const password = longEnough(await ask(lines, 'Password: '))
    if ((await ask(lines, 'Again: ')) !== password)
      throw new Refusal('malformed', 'These were two different passwords. Nothing was changed.')
    return password
  } finally {
    terminal.close()
  }
}

async function ask(lines: AsyncIterator<string>, question: string): Promise<string> {
  process.stderr.write(question)
  const line = await lines.next()
  process.stderr.write('\n')
  if (line.done) throw new Refusal('malformed', 'No password was given.')
  return line.value
}

function longEnough(password: string): string {
  if (password.length >= PASSWORD_MIN_CHARS && password.length <= PASSWORD_MAX_CHARS) return password
  throw new Refusal('malformed', `A password has ${PASSWORD_MIN_CHARS} to ${PASSWORD_MAX_CHARS} characters.`)
}
