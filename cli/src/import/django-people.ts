import type { DatabaseSync } from 'node:sqlite'
import { LEGACY_ITERATIONS_MAX, legacyIterations } from '@belfry/server/accounts/passwords.ts'
import { fold } from '@belfry/server/lib/fold.ts'
import { isBlank } from '@belfry/protocol/blank.ts'
import { inOneLine } from '@belfry/protocol/one-line.ts'
import type { NewAccount } from '@belfry/server/imports/history.ts'
import { counted, inDigits } from '#print.ts'
import { quoted, type Table } from './django-schema.ts'
import { distinctNames, nameOf, timeOf } from './django-values.ts'
import { lastingId } from './lasting-id.ts'
import { type Skips, storableText } from './reading.ts'

type Row = Record<string, unknown> & { key: string; username: string }

/** The project's accounts, and what is to be said of them. */
export interface ProjectAccounts {
  accounts: NewAccount[]
  remarks: string[]
}

export function readAccounts(file: DatabaseSync, table: Table, skips: Skips): ProjectAccounts {
  const rows = rowsOf(file, table, skips)
  const usernames = distinctNames(
    rows.map(({ username }) => username),
    fold,
  )
  const accounts = rows.map((row, at) => accountOf(row, { username: usernames[at]!, table: table.name }))
  return { accounts, remarks: [...renamed(rows, usernames), ...passwordRemarks(rows), ...adminRemark(accounts)] }
}

function rowsOf(file: DatabaseSync, table: Table, skips: Skips): Row[] {
  const key = quoted(table.columns.find(({ isKey }) => isKey)?.name ?? 'id')
  const rows = file.prepare(`SELECT *, CAST(${key} AS TEXT) AS key FROM ${quoted(table.name)} ORDER BY ${key}`).all() as Row[]
  const named = rows.map((row) => ({ ...row, username: typeof row.username === 'string' ? inOneLine(storableText(row.username)) : '' }))
  return named.filter((row) => {
    if (isBlank(row.username)) skips.add('accounts without a user name', `${table.name} ${row.key}`)
    return !isBlank(row.username)
  })
}

function accountOf(row: Row, { username, table }: { username: string; table: string }): NewAccount {
  const hash = typeof row.password === 'string' ? row.password : ''
  const joinedAt = timeOf(row.date_joined)
  return {
    id: lastingId(joinedAt ?? 0, 'django', table, row.key, joinedWhen(row)),
    key: row.key,
    username,
    name: storableText(nameOf(row)),
    role: row.is_superuser ? 'admin' : 'member',
    passwordHash: legacyIterations(hash) === null ? null : hash,
    // A project's own model may know no such thing: then all are active.
    isDisabled: 'is_active' in row && !row.is_active,
    createdAt: joinedAt ?? Date.now(),
  }
}

/** Tells whose key this is in which of several projects, also after a new user name: the moment they joined holds microseconds. */
function joinedWhen({ date_joined: joined, username }: Row): string {
  return typeof joined === 'string' ? joined : username
}

function renamed(rows: Row[], usernames: string[]): string[] {
  const names = rows.flatMap(({ username }, at) => (username === usernames[at] ? [] : [`${username} is ${usernames[at]!}`]))
  return names.length === 0 ? [] : [`User names are the same here in whatever case, so that some got a number: ${names.join(', ')}.`]
}

/** What no password of these accounts can be verified against, by its reason. */
function passwordRemarks(rows: Row[]): string[] {
  const reasons = Map.groupBy(rows, ({ password }) => whyNoPassword(password))
  return [...reasons].flatMap(([why, of]) =>
    why === null
      ? []
      : [`${inWords(of.map(({ username }) => username))} without a password here: ${why}. Set one: npx belfry user password NAME`],
  )
}

function whyNoPassword(password: unknown): string | null {
  if (typeof password !== 'string' || password === '' || password.startsWith('!')) return 'there was none'
  if (legacyIterations(password) !== null) return null
  const [kind, iterations] = password.split('$') as [string, string?]
  if (kind === 'pbkdf2_sha256' && Number(iterations) > LEGACY_ITERATIONS_MAX)
    return `the hash takes more than ${inDigits(LEGACY_ITERATIONS_MAX)} iterations, which would hold up everybody's sign-in`
  return `the hash is of a kind that is not understood (${kind.slice(0, 32)})`
}

const NAMED_MAX = 3

function inWords(names: string[]): string {
  const first = names.slice(0, NAMED_MAX).join(', ')
  return `${counted(names.length, 'account')} (${first}${names.length > NAMED_MAX ? ', …' : ''}) ${names.length === 1 ? 'is' : 'are'}`
}

function adminRemark(accounts: NewAccount[]): string[] {
  const canRule = ({ role, isDisabled, passwordHash }: NewAccount) => role === 'admin' && !isDisabled && passwordHash !== null
  return accounts.some(canRule) ? [] : ['None of these is an administrator who can sign in. Make one: npx belfry user create NAME --admin']
}
