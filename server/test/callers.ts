import { requestOf } from '@belfry/client/http-call.ts'
import type { CommandName } from '@belfry/protocol/routes.ts'
import { type Kind, NAMES, ROLES, type Scene, type Stage } from './scenes.ts'
import { settles } from './settle.ts'

/** Whoever may ask a server something: those with a role, and those who have none. */
export const CALLERS = [...ROLES, 'disabled', 'program', 'nobody'] as const
export type Caller = (typeof CALLERS)[number]

/** By a command's name, or from an address. */
export type Asked = { command: string; input: object } | { path: string }

export interface Answer {
  /** `done`, or the code of the refusal. */
  code: string
  /** Every byte of it that there is until now: some answers have no end. */
  text(): string
}

/** Over HTTP, which is everybody's. */
export async function asks(stage: Stage, caller: Caller, asked: Asked): Promise<Answer> {
  const { method, path, body } =
    'path' in asked ? { ...asked, method: 'GET', body: undefined } : requestOf(asked.command as CommandName, { ...asked.input })
  const token = tokenOf(stage, caller)
  const headers = {
    ...(token !== null && { authorization: `Bearer ${token}` }),
    ...(body !== undefined && { 'content-type': 'application/json' }),
  }
  const url = 'path' in asked ? path : `/api/v1${path}`
  const request = { method, url, headers, ...(body !== undefined && { payload: body }), payloadAsStream: true }
  const answer = await stage.node.answers(request)
  if (answer === 'busy') throw new Error('Nothing is busy here.')
  const chunks: Buffer[] = []
  answer.stream().on('data', (chunk: Buffer) => chunks.push(chunk))
  await settles()
  const said = () => Buffer.concat(chunks).toString()
  return { code: answer.statusCode < 400 ? 'done' : codeIn(said()), text: () => JSON.stringify(answer.headers) + said() }
}

export function tokenOf({ people, disabled, key }: Stage, caller: Caller): string | null {
  if (caller === 'nobody') return null
  if (caller === 'program') return key
  return (caller === 'disabled' ? disabled : people[caller]).device.token
}

function codeIn(problem: string): string {
  return (JSON.parse(problem) as { code: string }).code
}

/** What may be given away: what only a room's readers know, and names. */
export type Secret = Kind | keyof typeof NAMES

/** In the order of the callers, who is told something of a secret. What is not named here nobody is told. */
export type Tells = Partial<Record<Secret, string>>

export type Secrets = Partial<Record<Secret, string[]>>

export function secretsOf(scenes: Scene[]): Secrets {
  return {
    ...Object.fromEntries(scenes.map(({ kind, secrets }) => [kind, secrets])),
    ...Object.fromEntries(Object.entries(NAMES).map(([of, name]) => [of, [name]])),
  }
}

/** Who was told what. */
export class Tally {
  readonly #secrets: [string, string[]][]
  readonly #told = new Map<string, Set<Caller>>()

  constructor(secrets: Secrets) {
    this.#secrets = Object.entries(secrets)
  }

  hears(caller: Caller, text: string): void {
    for (const [secret, texts] of this.#secrets)
      if (texts.some((one) => text.includes(one))) this.#told.set(secret, (this.#told.get(secret) ?? new Set()).add(caller))
  }

  get tells(): Tells {
    return Object.fromEntries([...this.#told].map(([secret, who]) => [secret, marksOf(who)]))
  }
}

/** In the order of the callers. */
function marksOf(who: Set<Caller>): string {
  return CALLERS.map((caller) => (who.has(caller) ? '+' : '-')).join('')
}
