import type { DatabaseSync } from 'node:sqlite'
import { NOTIFICATION_BODY_MAX_CHARS } from '@belfry/protocol/limits.ts'
import type { PastMessage, PastNotification } from '@belfry/server/imports/history.ts'
import { inDigits } from '#print.ts'
import { messageBodies, shortened, titleAndBody } from './bounds.ts'
import { quoted } from './django-schema.ts'
import type { Shape } from './django-shapes.ts'
import { timeOf } from './django-values.ts'
import { lastingId } from './lasting-id.ts'
import { type Skips, storableText } from './reading.ts'

/** What the rows of a project are read with. `people`: the keys of its accounts. */
export interface Project {
  file: DatabaseSync
  people: Set<string>
  skips: Skips
}

/** In the order of their times, then of their keys. */
export function readMessages(project: Project, shape: Shape): PastMessage[] {
  return rowsOf(project, shape).flatMap((row) => {
    const first = idOf(row, shape)
    return messageBodies(row.text).map((body, part) => {
      const { person: author, createdAt } = row
      return part === 0 ? { id: first, author, body, createdAt } : { id: idOf(row, shape, part), first, author, body, createdAt }
    })
  })
}

export function readNotifications(project: Project, shape: Shape): PastNotification[] {
  return rowsOf(project, shape).map((row) => {
    const { title, body: whole } = titleAndBody(row)
    const body = whole && shortened(whole, NOTIFICATION_BODY_MAX_CHARS)
    if (body !== whole) project.skips.add(ENDS_OF_LONG_ONES, `${shape.table} ${row.key}`)
    return { id: idOf(row, shape), to: row.person, title, body, isRead: row.isRead, createdAt: row.createdAt }
  })
}

/** A notification cannot be split: who was told one thing is not told two. */
const ENDS_OF_LONG_ONES = `ends of notifications of more than ${inDigits(NOTIFICATION_BODY_MAX_CHARS)} characters`

interface ProjectRow {
  key: string
  person: string
  text: string
  title: string | null
  createdAt: number
  isRead: boolean
}

/** What a row is, whatever is written in it and whatever its people are called by now: read again, it gets the same id. */
function idOf({ key, createdAt }: ProjectRow, { table }: Shape, part = 0): string {
  return lastingId(createdAt, 'django', table, key, createdAt, part)
}

type Raw = Record<'key' | 'person' | 'text' | 'title' | 'time' | 'flag' | 'deleted', unknown>

function rowsOf(project: Project, shape: Shape): ProjectRow[] {
  const rows: ProjectRow[] = []
  for (const raw of project.file.prepare(queryFor(shape)).iterate()) {
    const row = rowFrom(raw as Raw, project, shape)
    if (typeof row === 'string') project.skips.add(row, `${shape.table} ${String(raw.key)}`)
    else rows.push(row)
  }
  return rows.toSorted((one, other) => one.createdAt - other.createdAt)
}

function queryFor({ table, key, person, text, title, time, flag, deleted }: Shape): string {
  const column = (name: string | null | undefined) => (name ? quoted(name) : 'NULL')
  const columns = [
    `CAST(${quoted(key)} AS TEXT) AS key, CAST(${quoted(person)} AS TEXT) AS person`,
    `${quoted(text)} AS text, ${column(title)} AS title, ${quoted(time)} AS time`,
    `${column(flag?.column)} AS flag, ${column(deleted)} AS deleted`,
  ]
  return `SELECT ${columns.join(', ')} FROM ${quoted(table)} ORDER BY ${quoted(time)}, ${quoted(key)}`
}

/** A row, or why it is left out. */
function rowFrom(raw: Raw, { people }: Project, { flag, table }: Shape): ProjectRow | string {
  const person = String(raw.person)
  const text = textOf(raw.text) ?? textOf(raw.title)
  const createdAt = timeOf(raw.time)
  if (raw.deleted) return `rows of ${table} that are marked as deleted`
  if (!people.has(person)) return `rows of ${table} whose person is not among the accounts`
  if (text === null) return `rows of ${table} without a text`
  if (createdAt === null) return `rows of ${table} without a time`
  const title = textOf(raw.text) === null ? null : textOf(raw.title)
  const isRead = Boolean(raw.flag) !== (flag?.isInverse ?? false)
  return { key: String(raw.key), person, text, title, createdAt, isRead }
}

/** Null: it says nothing. */
function textOf(value: unknown): string | null {
  const text = typeof value === 'string' ? storableText(value) : ''
  return text.trim() === '' ? null : text
}
