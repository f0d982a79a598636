import { type Command, commands, rightsOf } from '@belfry/protocol/commands.ts'
import type { Kysely } from 'kysely'
import { requireAdmin, requirePerson } from '#accounts/actor.ts'
import type { Entered } from '#accounts/sign-in.ts'
import { admit, type Admitted, type Call, keepsNoAnswer } from '#admit.ts'
import { entrances, preparations, reads } from '#commands.ts'
import type { Clock } from '#lib/clock.ts'
import { fold } from '#lib/fold.ts'
import { Refusal } from '#lib/refusal.ts'
import { hashSecret } from '#lib/secrets.ts'
import { countFailures, limit, type Rates } from '#rates.ts'
import type { Actor } from '#store/batch.ts'
import type { Once } from '#store/idempotency.ts'
import type { NodeFacts, Read } from '#store/read.ts'
import type { Tables } from '#store/schema.ts'
import type { Store } from '#store/store.ts'

/** What commands are run with. */
export interface Calls {
  store: Store
  rates: Rates
  clock: Clock
  facts(): Promise<NodeFacts>
}

/** The one way in, for both doors: may this caller, is this what the command takes, not too often; then the command. Rejects with a {@link Refusal}. */
export async function call(at: Calls, given: Call): Promise<unknown> {
  const request = admit(given)
  if (entranceOf(request)) throw new Refusal('forbidden', 'One signs in and up over HTTP alone.')
  limit(at.rates, request)
  if (isLook(request.name)) return look(at, { ...request, name: request.name })
  return asksPassword(request) ? countFailures(at.rates, guessKeys(request), () => write(at, request)) : write(at, request)
}

/** Signs a device in. For the HTTP door, which keeps the token in a cookie that no script can read. */
export async function enter({ store, rates, clock }: Calls, given: Call): Promise<Entered> {
  const request = admit(given)
  const entrance = entranceOf(request)
  if (!entrance) throw new Refusal('forbidden', 'This does not sign anybody in.')
  if (request.onceKey !== undefined) throw keepsNoAnswer()
  const input = request.input as { username: string; invite?: string }
  const keys = [addressKey(request), `name ${fold(input.username)}`]
  const entering = { ...input, device: request.caller.device, now: clock.now() }
  const entered = await countFailures(rates, keys, () => entrances[entrance](store, entering as never))
  // Accounts that nobody was invited to make are so many from one place, too.
  if (entrance === 'user.create' && input.invite === undefined) rates.signIns.take(addressKey(request))
  return entered
}

/** Which entrance this is, if any: whoever is signed in and brings no invitation makes an account for somebody else, and enters none. */
export function entranceOf({ name, input, caller }: Call): keyof typeof entrances | null {
  if (name === 'user.create' && caller.actor.is === 'person' && !hasInvite(input)) return null
  return isEntrance(name) ? name : null
}

export function isEntrance(name: string): name is keyof typeof entrances {
  return Object.hasOwn(entrances, name)
}

/** Whether a command only looks. */
export function isLook(name: string): name is keyof typeof reads {
  return Object.hasOwn(reads, name)
}

function hasInvite(input: unknown): boolean {
  return typeof input === 'object' && input !== null && 'invite' in input && input.invite !== undefined
}

function asksPassword({ name }: Admitted): boolean {
  return (commands[name] as Command).refusals.includes('wrong-password')
}

/** From where, and into which account, somebody who is signed in may be guessing. */
function guessKeys(request: Admitted): string[] {
  return [addressKey(request), `user ${(request.caller.actor as Read['actor']).userId}`]
}

function addressKey({ caller }: Call): string {
  return `address ${caller.address}`
}

async function write({ store }: Calls, request: Admitted): Promise<unknown> {
  const { name, input, onceKey } = request
  const { actor } = request.caller
  const prepare = name in preparations ? preparations[name as keyof typeof preparations] : undefined
  // What needs no preparing is written in this turn of the loop: it shares the next commit with all that arrives in it.
  const prepared = prepare ? await prepare(store, { input: input as never, actor }) : input
  return store.write({ name, input: prepared, actor, ...(onceKey !== undefined && { once: onceOf(request, onceKey) }) })
}

/** The key counts for its caller alone, and for the same request; passwords are not compared: what is kept of them would be quick to guess at. */
function onceOf({ name, input, caller: { actor } }: Admitted, key: string): Once {
  const { password: _, ...compared } = input as { password?: string }
  const caller = actor.is === 'person' ? actor.userId : actor.is === 'program' ? actor.keyId : actor.is
  return { caller, key, fingerprint: hashSecret(JSON.stringify([name, compared])) }
}

/** Rights are read in the snapshot that reads [A1]; an answer with a seq says its epoch too [F6]. */
async function look({ store, clock, facts }: Calls, { name, input, caller }: Call & { name: keyof typeof reads }): Promise<unknown> {
  return store.read(async (db) => {
    await requireLooker(db, commands[name], caller.actor)
    // Where anyone may look, nobody looks too: such a read asks for no actor.
    const actor = caller.actor as Read['actor']
    const result = await reads[name](db, { input: input as never, actor, now: clock.now(), facts })
    return 'seq' in result ? { ...result, epoch: store.epoch } : result
  })
}

async function requireLooker(db: Kysely<Tables>, command: Command, actor: Actor): Promise<void> {
  const rights = rightsOf(command)
  if (rights.includes('person')) await requirePerson({ db }, actor)
  else if (!rights.includes('anyone')) await requireAdmin({ db }, actor)
}
