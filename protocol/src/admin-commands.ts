import { z } from 'zod'
import { password, username } from './account-commands.ts'
import type { Declared } from './command.ts'
import { changeOf, limit, SCOPES } from './command.ts'
import { INVITE_LASTS_MAX_MS, INVITE_ROOMS_MAX, INVITE_USES_MAX, NAME_MAX_CHARS } from './limits.ts'
import { userRow, workspaceRow } from './rows.ts'
import { id, line, storable } from './text.ts'

const time = z.int().nonnegative()

/** An account as administrators see it. `sessions`: devices that are signed in. */
const account = userRow.extend({ canSignIn: z.boolean(), sessions: z.int().nonnegative() })

/** What whoever accepts an invitation becomes. */
const invitedRole = userRow.shape.role.exclude(['admin'])

/**
 * An invitation, without its secret. `rooms`: into which it leads now, besides General, as far as whoever asks may know of them; `moreRooms`: how
 * many others there are. One for guests that leads into none lets nobody in. `usesMax`, `expiresAt` null: without bound.
 */
const invite = z.object({
  id,
  createdAt: time,
  /** The administrator who made it; null: the operator. */
  createdBy: id.nullable(),
  role: invitedRole,
  rooms: z.array(id),
  moreRooms: z.int().nonnegative(),
  usesMax: z.int().positive().nullable(),
  uses: z.int().nonnegative(),
  expiresAt: time.nullable(),
  revokedAt: time.nullable(),
})

/** An API key, without what is secret about it. */
const key = z.object({
  id,
  name: z.string(),
  scopes: z.array(z.enum(SCOPES)),
  createdAt: time,
  usedAt: time.nullable(),
  revokedAt: time.nullable(),
})

const list = <Item extends z.ZodType>(item: Item) => z.object({ items: z.array(item), next: z.string().nullable() })
const cursor = storable(128).optional()

/** What only administrators may do; the command line on the server's machine does the same as the operator. */
export const adminCommands = {
  'workspace.update': {
    may: 'admin',
    summary: 'Name the workspace, and say who may make an account.',
    input: changeOf({}, { name: line(NAME_MAX_CHARS).optional(), signUp: z.enum(['open', 'invite', 'closed']).optional() }),
    result: workspaceRow,
    refusals: [],
  },
  'user.search': {
    may: 'admin',
    summary:
      'A page of accounts, by user name; `query`: those whose user name, name or id holds it. `imported`: those that an import made for people of elsewhere, who cannot sign in; `local`: all others, `active` and `disabled`.',
    input: z.object({
      query: storable(64).optional(),
      state: z.enum(['local', 'active', 'disabled', 'imported']).optional(),
      cursor,
      limit,
    }),
    result: list(account).extend({ total: z.int().nonnegative() }),
    refusals: [],
  },
  'user.update': {
    may: 'admin',
    summary:
      'Rename an account, make or unmake an administrator or a guest, disable or enable. Disabling, and becoming a guest or being none any more, signs out everywhere at once.',
    input: changeOf(
      { id },
      {
        username: username.optional(),
        name: line(NAME_MAX_CHARS).optional(),
        role: userRow.shape.role.optional(),
        isDisabled: z.boolean().optional(),
      },
    ),
    result: userRow,
    refusals: ['not-found', 'username-taken', 'last-admin', 'busy', 'unknown'],
  },
  'user.set-password': {
    may: 'admin',
    summary: "Reset an account's password, and sign it out everywhere.",
    input: z.object({ id, password }),
    result: userRow,
    refusals: ['not-found', 'busy', 'unknown'],
  },
  'invite.create': {
    may: 'admin',
    summary:
      'Make an invitation, for 7 days unless `lastsMs` says otherwise (null: for ever); its secret is shown this once. It leads to `/welcome#SECRET`. Whoever accepts it becomes a member, or a guest, and is in these `rooms` then, of which a guest has one at least.',
    input: z.object({
      role: invitedRole.optional(),
      rooms: z.array(id).max(INVITE_ROOMS_MAX).optional(),
      usesMax: z.int().min(1).max(INVITE_USES_MAX).nullable().optional(),
      lastsMs: z.int().min(60_000).max(INVITE_LASTS_MAX_MS).nullable().optional(),
    }),
    result: invite.extend({ secret: z.string() }),
    refusals: ['not-found', 'forbidden', 'archived', 'busy', 'unknown'],
    answersSecret: true,
  },
  'invite.list': {
    may: 'admin',
    summary: 'Invitations, the newest first.',
    input: z.object({ cursor, limit }),
    result: list(invite),
    refusals: [],
  },
  'invite.revoke': {
    may: 'admin',
    summary: 'Make an invitation let nobody in any more. Twice is no mistake.',
    input: z.object({ id }),
    result: invite,
    refusals: ['not-found', 'busy', 'unknown'],
  },
  'key.create': {
    may: 'admin',
    summary: 'Make an API key for a program; it is shown this once.',
    input: z.object({ name: line(NAME_MAX_CHARS), scopes: z.array(z.enum(SCOPES)).min(1) }),
    result: key.extend({ key: z.string() }),
    refusals: ['busy', 'unknown'],
    answersSecret: true,
  },
  'key.list': { may: 'admin', summary: 'API keys, the newest first.', input: z.object({ cursor, limit }), result: list(key), refusals: [] },
  'key.revoke': {
    may: 'admin',
    summary: 'Make an API key open nothing any more. Twice is no mistake.',
    input: z.object({ id }),
    result: key,
    refusals: ['not-found', 'busy', 'unknown'],
  },
  'server.get': {
    may: 'admin',
    summary: 'What the server says of itself.',
    input: z.object({}),
    result: z.object({
      version: z.string(),
      node: z.string(),
      startedAt: time,
      database: z.object({ kind: z.enum(['sqlite', 'postgres']), version: z.string(), bytes: z.int().nonnegative() }),
      /** Sockets and streams that are signed in at this node. */
      connections: z.int().nonnegative(),
      users: z.int().nonnegative(),
      messages: z.int().nonnegative(),
    }),
    refusals: [],
  },
} as const satisfies Record<string, Declared>
