import { type Command, type CommandName, commands, type Right, rightsOf, type Scope } from '@belfry/protocol/commands.ts'
import type { z } from 'zod'
import { issueWords } from '#lib/issue-words.ts'
import { Refusal } from '#lib/refusal.ts'
import type { Actor } from '#store/batch.ts'

/** Who calls, as a door has found out. */
export interface Caller {
  actor: Actor
  /** What a program's key was made for. */
  scopes: readonly Scope[]
  /** Where from: an IP address, for limits. */
  address: string
  /** Shown to people in the list of their sessions. */
  device: string
}

export interface Call {
  name: string
  input: unknown
  caller: Caller
  /** An `Idempotency-Key`. */
  onceKey?: string
}

/** The input is as the command's schema has it. */
export type Admitted = Call & { name: CommandName }

/** May this kind of caller call it, and is this what the command takes? Refusals: unauthenticated, forbidden, malformed. */
export function admit(request: Call): Admitted {
  const { name, input, caller, onceKey } = request
  if (!isCommand(name)) throw new Refusal('malformed', `There is no command named ${name.slice(0, 64)}.`)
  const command: Command = commands[name]
  requireRight(command, caller)
  if (onceKey !== undefined && !keepsAnswer(name, command)) throw keepsNoAnswer()
  return { ...request, name, input: parsed(command, input) }
}

/** Whether the answer is kept for an `Idempotency-Key`: one that is a secret is not; of an account only where it is made for somebody else. */
export function keepsAnswer(name: CommandName, { method, may, answersSecret }: Command): boolean {
  return method === 'POST' && (may !== 'anyone' || name === 'user.create') && !answersSecret
}

export function keepsNoAnswer(): Refusal {
  return new Refusal('malformed', 'This answer is not kept: it takes no Idempotency-Key.')
}

function isCommand(name: string): name is CommandName {
  return Object.hasOwn(commands, name)
}

/** What a caller is decides here; what a person's role allows is read where the command acts, or looks [A1]. */
function requireRight(command: Command, caller: Caller): void {
  const rights = rightsOf(command)
  if (rights.some((right) => hasRight(right, caller))) return
  if (caller.actor.is === 'nobody') throw new Refusal('unauthenticated', 'Sign in first.')
  throw new Refusal('forbidden', caller.actor.is === 'program' ? neededOfProgram(rights) : neededOfPerson(rights))
}

function hasRight(right: Right, { actor, scopes }: Caller): boolean {
  if (right === 'anyone') return true
  if (right === 'person' || right === 'admin') return actor.is === 'person'
  return actor.is === 'program' && scopes.includes(right.slice('scope:'.length) as Scope)
}

function neededOfProgram(rights: readonly Right[]): string {
  const scope = rights.find((right) => right.startsWith('scope:'))?.slice('scope:'.length)
  return scope ? `This needs an API key with the scope ${scope}.` : 'Only a person who is signed in can do this; a key cannot.'
}

function neededOfPerson(rights: readonly Right[]): string {
  return `This needs an API key with the scope ${rights[0]!.slice('scope:'.length)}.`
}

function parsed(command: Command, input: unknown): unknown {
  const result = command.input.safeParse(input ?? {})
  if (result.success) return result.data
  const errors = result.error.issues.map((issue: z.core.$ZodIssue) => ({ at: issue.path.join('.'), detail: issueWords(issue) }))
  const first = errors[0]!
  throw new Refusal('malformed', first.at ? `${first.at} ${first.detail}.` : `${first.detail}.`, { errors })
}
