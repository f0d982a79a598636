import type { Column, Table } from './django-schema.ts'

/** Pure: which columns of a table are what, by shape first and by usual names where shape leaves a choice. */

/** What a message's table has to have. `flag`: says that it was read; `deleted`: that it is not to be seen any more. */
export interface Shape {
  table: string
  key: string
  person: string
  text: string
  title: string | null
  time: string
  flag: { column: string; isInverse: boolean } | null
  deleted: string | null
}

/** What the name of a table says; Django makes it of the app's and the model's, and the model's counts more. */
export function saysName(table: string): 'message' | 'notification' | null {
  const model = table.slice(table.lastIndexOf('_') + 1)
  return saidBy(model) ?? saidBy(table)
}

function saidBy(name: string): 'message' | 'notification' | null {
  if (/notif|alert/.test(name)) return 'notification'
  return /messag|msg|chat/.test(name) ? 'message' : null
}

const PERSON_NAMES = /^(?:user|author|sender|recipient|receiver|owner|creator|created_by|posted_by|from_user|to_user)(?:_id)?$/

/** The columns that lead to the accounts, by a foreign key or, where none is declared, by a usual name. */
export function peopleIn(table: Table, accounts: string): Column[] {
  const declared = table.columns.filter(({ references }) => references === accounts)
  if (declared.length > 0) return declared
  return table.columns.filter(({ name, references, isKey }) => !references && !isKey && PERSON_NAMES.test(name))
}

const NAMED_PERSON =
  /^(user|author|sender|from|from_user|recipient|receiver|addressee|to|to_user|target|owner|creator|created_by|posted_by)(?:_id|_name|_username)?$/

/** All columns that say who has to do with a row, declared or not, each person once: `sender_id` and `sender_name` are one. */
export function everybodyIn(table: Table, accounts: string): Column[] {
  const people = table.columns.filter(({ name, references, isKey }) => {
    if (references !== null) return references === accounts
    return !isKey && NAMED_PERSON.test(name)
  })
  const byPerson = Map.groupBy(people, ({ name }) => NAMED_PERSON.exec(name)?.[1] ?? name)
  return [...byPerson.values()].map(([first]) => first!)
}

/** The table, of others, that leads to this one and to the accounts: it may say for whom a row is, or only who liked it. */
export function linkToPeople(table: Table, { tables, accounts }: { tables: Table[]; accounts: string }): Table | undefined {
  const leadsTo = (one: Table, name: string) => one.columns.some(({ references }) => references === name)
  return tables.find((one) => one.name !== table.name && leadsTo(one, table.name) && leadsTo(one, accounts))
}

const TEXTS = ['content', 'message', 'text', 'body', 'msg', 'message_text', 'description', 'verb']
const TITLES = ['title', 'subject', 'heading']
const TIMES = [
  'timestamp',
  'created_at',
  'sent_at',
  'created',
  'created_on',
  'date_created',
  'posted_at',
  'date',
  'datetime',
  'time',
  'added_at',
]
const LATER_TIMES = /read|seen|updat|modif|edit|delet|expir|last/
const FLAGS = ['is_read', 'read', 'seen', 'is_seen', 'viewed', 'is_viewed', 'unread']
const DELETED_FLAGS = ['is_deleted', 'deleted', 'is_removed', 'removed']

/** Null when something that is needed is not there, or not clear. */
export function shapeOf(table: Table, person: Column | undefined): Shape | null {
  const key = table.columns.find(({ isKey }) => isKey)
  const title = named(table.columns.filter(isText), TITLES)
  const text = textIn(table) ?? title
  const time = timeIn(table)
  if (!key || !person || !text || !time) return null
  const flag = named(table.columns.filter(isFlag), FLAGS)
  const deleted = named(table.columns.filter(isFlag), DELETED_FLAGS)
  return {
    table: table.name,
    key: key.name,
    person: person.name,
    text: text.name,
    title: title === text ? null : (title?.name ?? null),
    time: time.name,
    flag: flag ? { column: flag.name, isInverse: flag.name === 'unread' } : null,
    deleted: deleted?.name ?? null,
  }
}

/** One with a usual name, or the only long text. */
function textIn(table: Table): Column | undefined {
  const texts = table.columns.filter(isText)
  const long = texts.filter(({ type }) => type === 'text')
  return named(texts, TEXTS) ?? (long.length === 1 ? long[0] : undefined)
}

/** One with a usual name, or the only one that is not about something later. */
function timeIn(table: Table): Column | undefined {
  const times = table.columns.filter(({ type }) => /^(?:datetime|timestamp)/.test(type))
  const first = times.filter(({ name }) => !LATER_TIMES.test(name))
  return named(times, TIMES) ?? (first.length === 1 ? first[0] : undefined)
}

function isText({ type, references }: Column): boolean {
  return references === null && /^(?:text|varchar|char|nvarchar)/.test(type)
}

function isFlag({ type, references }: Column): boolean {
  return references === null && /^(?:bool|tinyint|smallint|integer)/.test(type)
}

function named(columns: Column[], names: string[]): Column | undefined {
  return names.map((name) => columns.find((column) => column.name === name)).find((column) => column !== undefined)
}
