import { commands, type Parsed } from '@belfry/protocol/commands.ts'
import { inviteLink, isStanding, leadsNowhere, listInvites as findInvites, type ShownInvite } from '@belfry/server/accounts/invites.ts'
import { findWorkspace } from '@belfry/server/accounts/settings.ts'
import { readConfig } from '@belfry/server/config.ts'
import type { Store } from '@belfry/server/store/store.ts'
import { accept } from './accept.ts'
import { onData, operate } from './data.ts'
import { pagesOf } from './pages.ts'
import { localTime, print, type Printing, table } from './print.ts'
import { roomIdOf } from './rooms.ts'

type Creating = Printing & { uses?: number; expires: number | 'never'; guest?: true; room?: string[] }

/** Prints the link alone on standard output: it can be piped, and is shown this once. */
export async function createInvite(options: Creating): Promise<void> {
  const { made, signUp } = await onData(async (store) => {
    const made = await operate(store, 'invite.create', await inputOf(store, options))
    return { made, ...(await store.read(findWorkspace)) }
  })
  const { baseUrl, port } = readConfig(process.env)
  const address = baseUrl?.origin ?? (port === 0 ? '' : `http://localhost:${port}`)
  const link = inviteLink(address, made.secret)
  if (!options.json) console.error(`This link is shown only now. It lets ${whom(made)}.${where(made)}${signUp === 'closed' ? CLOSED : ''}`)
  if (address === '') console.error(NO_ADDRESS)
  print(options, { document: { ...made, link }, text: link })
}

async function inputOf(store: Store, options: Creating): Promise<Parsed<'invite.create'>> {
  const { uses = null, expires, guest, room = [] } = options
  const rooms: string[] = []
  for (const given of room) rooms.push(await roomIdOf(store, given))
  const input = { usesMax: uses, lastsMs: expires === 'never' ? null : expires, role: guest ? 'guest' : 'member', rooms }
  return accept(commands['invite.create'].input, input)
}

/** A server that takes any free port has another address after each start. */
const NO_ADDRESS = 'The link begins at its path: with PORT=0 only BASE_URL says at which address people reach the server. Set it.'

const CLOSED = '\nBut nobody can sign up at present: npx belfry workspace set --sign-up invite'

export async function listInvites(options: Printing): Promise<void> {
  const invites = await onData((store) => pagesOf((input) => store.read((db) => findInvites(db, { input, actor: { is: 'operator' } }))))
  print(options, { document: invites, text: invites.items.length > 0 ? asTable(invites.items) : 'There are no invitations.' })
}

export async function revokeInvite(id: string, options: Printing): Promise<void> {
  const input = accept(commands['invite.revoke'].input, { id })
  const invite = await onData((store) => operate(store, 'invite.revoke', input))
  print(options, { document: invite, text: 'This invitation lets nobody in any more.' })
}

function whom({ usesMax, expiresAt }: ShownInvite): string {
  const people = usesMax === null ? 'everybody who has it make an account' : usesMax === 1 ? 'one person in' : `${usesMax} people in`
  return expiresAt === null ? people : `${people} until ${localTime(expiresAt)}`
}

function where({ role, rooms }: ShownInvite): string {
  const into = rooms.length === 1 ? 'one room' : `${rooms.length} rooms`
  if (role === 'guest') return ` Who comes is a guest, who sees ${into}.`
  return rooms.length === 0 ? '' : ` Who comes joins ${into}.`
}

function asTable(invites: ShownInvite[]): string {
  const rows = invites.map((invite) => [
    invite.id,
    localTime(invite.createdAt),
    invite.role,
    String(invite.rooms.length),
    uses(invite),
    expiry(invite),
    state(invite),
  ])
  return table(['ID', 'CREATED', 'ROLE', 'ROOMS', 'USES', 'EXPIRES', 'STATE'], rows)
}

function uses({ uses, usesMax }: ShownInvite): string {
  return usesMax === null ? String(uses) : `${uses} of ${usesMax}`
}

function expiry({ expiresAt }: ShownInvite): string {
  return expiresAt === null ? 'never' : localTime(expiresAt)
}

function state(invite: ShownInvite): string {
  if (invite.revokedAt !== null) return `revoked ${localTime(invite.revokedAt)}`
  if (isStanding(invite, Date.now())) return leadsNowhere(invite) ? 'leads nowhere' : 'active'
  return invite.expiresAt !== null && invite.expiresAt <= Date.now() ? 'expired' : 'used up'
}
