import { CannotStart } from '@belfry/server/lib/cannot-start.ts'
import { Refusal } from '@belfry/server/lib/refusal.ts'
import { CommanderError } from 'commander'
import { printable } from './print.ts'

const FAILED = 1
const WRONG_USAGE = 2

/** Says what went wrong and sets the exit code. A refusal is one line; a stack is shown only for what nobody expected. */
export function reportFailure(error: unknown, { json }: { json: boolean }): void {
  const { exitCode, code, detail, text } = explained(error)
  process.exitCode = exitCode
  if (exitCode === 0) return
  if (json) console.error(JSON.stringify({ error: { code, detail } }))
  else if (text) console.error(text)
}

/** `text`: for a person; null when it was said already. */
interface Explained {
  exitCode: number
  code: string
  detail: string
  text: string | null
}

function explained(error: unknown): Explained {
  if (error instanceof CommanderError) {
    const detail = error.message.replace(/^error: /, '')
    return { exitCode: error.exitCode === 0 ? 0 : WRONG_USAGE, code: 'usage', detail, text: null }
  }
  if (error instanceof Refusal) return refused(error.body.code, error.body.detail)
  if (error instanceof CannotStart) return refused('cannot-start', error.message)
  const detail = error instanceof Error ? error.message : String(error)
  return { exitCode: FAILED, code: 'internal', detail, text: (error instanceof Error && error.stack) || detail }
}

function refused(code: string, detail: string): Explained {
  return { exitCode: FAILED, code, detail, text: detail.split('\n').map(printable).join('\n') }
}
