import { z } from 'zod'
import type { Declared } from './command.ts'
import { idList, limit, readAt } from './command.ts'
import { DND_MAX_MS, NAME_MAX_CHARS, PASSWORD_MAX_CHARS, PASSWORD_MIN_CHARS, PROFILES_MAX_IDS, USERNAME_MAX_CHARS } from './limits.ts'
import { USERNAME } from './names.ts'
import { blockRow, preferencesRow, sessionRow, userRow } from './rows.ts'
import { id, line, storable } from './text.ts'

export const username = z
  .string()
  .min(1)
  .max(USERNAME_MAX_CHARS)
  .regex(USERNAME, 'must begin with a letter or digit, end with one or with _, and hold nothing but visible letters, digits and . _ - @ +')
export const password = storable(PASSWORD_MAX_CHARS).min(PASSWORD_MIN_CHARS)

export const userInput = z.object({ username, password, name: line(NAME_MAX_CHARS).optional() })

export const accountCommands = {
  'session.create': {
    may: 'anyone',
    summary: 'Sign in; the answer sets the session cookie.',
    input: z.object({ username: storable(256), password: storable(PASSWORD_MAX_CHARS) }),
    result: userRow,
    refusals: ['wrong-credentials', 'rate-limited'],
  },
  'session.end': {
    may: 'person',
    summary: 'Sign out this device; its connections close.',
    input: z.object({}),
    result: z.null(),
    refusals: [],
  },
  'user.create': {
    may: 'anyone',
    summary:
      'Sign up, with an invitation where one is needed: the answer signs in. Or, as an administrator and without one: make an account for somebody else.',
    /** `role` is an administrator's to say. */
    input: userInput.extend({ invite: z.string().max(200).optional(), role: userRow.shape.role.optional() }),
    result: userRow,
    refusals: ['username-taken', 'forbidden', 'rate-limited'],
  },
  'user.find': {
    may: 'person',
    summary:
      'People with an account that is not disabled whose name or user name holds these words, and first of all those where it begins so; last of all those whose id alone holds them: to name them to others. Guests find those with whom they share a room.',
    input: z.object({ query: storable(NAME_MAX_CHARS), limit }),
    result: z.object({ items: z.array(userRow), ...readAt }),
    refusals: [],
  },
  'user.list': {
    may: 'person',
    summary: 'Profiles by id. Unknown ids are left out.',
    input: z.object({ ids: idList(PROFILES_MAX_IDS) }),
    result: z.object({ items: z.array(userRow), ...readAt }),
    refusals: [],
  },
  'me.get': { may: 'person', summary: 'Who is signed in.', input: z.object({}), result: userRow, refusals: [] },
  'workspace.get': {
    may: 'anyone',
    summary:
      'What somebody who is not signed in may know: the name of the workspace, who may make an account, and whether nobody has one yet (`isEmpty`).',
    input: z.object({}),
    result: z.object({ name: z.string(), signUp: z.enum(['open', 'invite', 'closed']), isEmpty: z.boolean() }),
    refusals: [],
  },
  'me.update': {
    may: 'person',
    summary: 'Change the name that others see.',
    input: z.object({ name: line(NAME_MAX_CHARS) }),
    result: userRow,
    refusals: ['busy', 'unknown'],
  },
  'me.set-password': {
    may: 'person',
    summary: "Change one's own password; all other devices are signed out.",
    input: z.object({ current: storable(PASSWORD_MAX_CHARS), password }),
    result: userRow,
    refusals: ['wrong-password', 'rate-limited', 'busy', 'unknown'],
  },
  'me.set-picture': {
    may: 'person',
    summary: "Change one's own picture, or (null) take it away: a PNG, JPEG or WebP of at most 64 KiB and 1024 × 1024 pixels, as base64.",
    input: z.object({ picture: z.base64().nullable() }),
    result: userRow,
    refusals: ['too-large', 'busy', 'unknown'],
  },
  'me.set-preferences': {
    may: 'person',
    summary:
      'Do not disturb for so many milliseconds from now (null: no longer). Meanwhile notifications are stored and counted, but do not ring, unless they are urgent.',
    input: z.object({ dndForMs: z.int().positive().max(DND_MAX_MS).nullable() }),
    result: preferencesRow,
    refusals: ['busy', 'unknown'],
  },
  'session.list': {
    may: 'person',
    summary: "One's own devices that are signed in, the newest first.",
    input: z.object({}),
    result: z.object({ items: z.array(sessionRow.extend({ isCurrent: z.boolean() })), next: z.null() }),
    refusals: [],
  },
  'session.end-other': {
    may: 'person',
    summary: "Sign one of one's own devices out. Twice is no mistake.",
    input: z.object({ id }),
    result: sessionRow,
    refusals: ['not-found', 'busy', 'unknown'],
  },
  'session.end-others': {
    may: 'person',
    summary: 'Sign out everywhere else.',
    input: z.object({}),
    result: z.object({ ended: z.int().nonnegative() }),
    refusals: ['busy', 'unknown'],
  },
  'block.create': {
    may: 'person',
    summary: "Want nobody's messages: they open no conversation with oneself, write in none of two, and ring no bell. Twice is no mistake.",
    input: z.object({ id }),
    result: blockRow,
    refusals: ['not-found', 'forbidden', 'too-large', 'busy', 'unknown'],
  },
  'block.end': {
    may: 'person',
    summary: 'Want their messages again. Twice is no mistake.',
    input: z.object({ id }),
    result: blockRow,
    refusals: ['not-found', 'busy', 'unknown'],
  },
} as const satisfies Record<string, Declared>
