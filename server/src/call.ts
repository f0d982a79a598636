import { type Command, type CommandName, commands, type Right, rightsOf, type Scope } from '@belfry/protocol/commands.ts'
import type { z } from 'zod'
import type { Entered } from '#accounts/sign-in.ts'
import { signedOut, standingSessions } from '#accounts/actor.ts'
import { foldUsername } from '#accounts/users.ts'
import { entrances, reads, writes } from '#commands.ts'
import type { TokenBucket } from '#lib/token-bucket.ts'
import { issueWords } from '#lib/issue-words.ts'
import { Refusal } from '#lib/refusal.ts'
import { hashSecret } from '#lib/secrets.ts'
import type { Actor, RunnableWrite } from '#store/batch.ts'
import type { Once } from '#store/idempotency.ts'
import type { Read } from '#store/read.ts'
import type { Store } from '#store/store.ts'

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

/** How often people, programs and addresses may do things; settings say how much. */
export interface Rates {
  messages: TokenBucket
  /** All else that a person does: looking, marking. */
  others: TokenBucket
  /** A token a recipient. */
  notifications: TokenBucket
  /** Failures, by address and by user name: guessing is slow from one place, and for one account. */
  signIns: TokenBucket
}

interface Node {
  store: Store
  rates: Rates
}

/** The one way in, for both doors: may this caller, is this what the command takes, not too often; then the command. Rejects with a {@link Refusal}. */
export async function call({ store, rates }: Node, request: Call): Promise<unknown> {
  const { name, input } = admitted(request)
  if (isEntrance(name)) throw new Refusal('forbidden', 'One signs in and up over HTTP alone.')
  limit(rates, name, { ...request, input })
  if (isLook(name)) return look(store, name as keyof typeof reads, { ...request, input })
  return store.write({ name, input, actor: request.caller.actor, ...(request.onceKey && { once: onceOf(request, request.onceKey) }) })
}

/** Signs a device in. For the HTTP door, which keeps the token in a cookie that no script can read. */
export async function enter({ store, rates }: Node, request: Call): Promise<Entered> {
  const { name, input } = admitted(request)
  if (!isEntrance(name)) throw new Refusal('forbidden', 'This does not sign anybody in.')
  const { username } = input as { username: string }
  const keys = [`address ${request.caller.address}`, `name ${foldUsername(username)}`]
  for (const key of keys) take(rates.signIns, key)
  const entered = await entrances[name](store, { ...(input as object), device: request.caller.device } as never)
  // Only failures count: a whole team may sign in from behind one address.
  for (const key of keys) rates.signIns.giveBack(key)
  return entered
}

/** Whether a command only looks. */
export function isLook(name: string): boolean {
  return Object.hasOwn(reads, name)
}

export function isEntrance(name: string): name is keyof typeof entrances {
  return Object.hasOwn(entrances, name)
}

function admitted({ name, input, caller }: Call): { name: CommandName; input: unknown } {
  if (!isCommand(name)) throw new Refusal('malformed', `There is no command named ${name.slice(0, 64)}.`)
  const command: Command = commands[name]
  requireRight(command, caller)
  return { name, input: parsed(command, input) }
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

function limit(rates: Rates, name: CommandName, { caller: { actor }, input }: Call): void {
  const write: RunnableWrite | null = name in writes ? writes[name as keyof typeof writes] : null
  if (actor.is === 'program') take(rates.notifications, actor.keyId, write?.weight?.(input as never))
  if (actor.is === 'person') take(write && name.startsWith('message.') ? rates.messages : rates.others, actor.userId)
}

function take(bucket: TokenBucket, key: string, tokens = 1): void {
  const retryAfterMs = bucket.take(key, tokens)
  if (retryAfterMs === 0) return
  const seconds = Math.ceil(retryAfterMs / 1000)
  throw new Refusal('rate-limited', `That was too often. Try again in ${seconds} ${seconds === 1 ? 'second' : 'seconds'}.`, {
    retryAfterMs,
  })
}

/** Rights are read in the snapshot that reads [A1]; an answer with a seq says its epoch too [F6]. */
async function look(store: Store, name: keyof typeof reads, { caller, input }: Call): Promise<unknown> {
  const actor = caller.actor as Read['actor']
  return store.read(async (db) => {
    if (!(await standingSessions(db, [actor.sessionId])).has(actor.sessionId)) throw signedOut()
    const result = await reads[name](db, { input: input as never, actor })
    return 'seq' in result ? { ...result, epoch: store.epoch } : result
  })
}

/** The key counts for its caller alone, and for the same request. */
function onceOf({ name, input, caller: { actor } }: Call, key: string): Once {
  const caller = actor.is === 'person' ? actor.userId : actor.is === 'program' ? actor.keyId : actor.is
  return { caller, key, fingerprint: hashSecret(JSON.stringify([name, input])) }
}
