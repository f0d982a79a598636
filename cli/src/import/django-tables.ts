import { Refusal } from '@belfry/server/lib/refusal.ts'
import type { Column, Table } from './django-schema.ts'
import { everybodyIn, linkToPeople, peopleIn, saysName, type Shape, shapeOf } from './django-shapes.ts'

/** Pure: which tables hold the accounts, the messages and the notifications, whatever they are called. */
export interface Tables {
  accounts: Table
  messages: Shape | null
  notifications: Shape | null
  remarks: string[]
}

/** Tables that somebody named, instead of having them found. */
export interface Named {
  messages?: string
  notifications?: string
}

/** Whether all rows of a table were said in the same place, by the column that says where. */
export type IsOnePlace = (table: string, column: string) => boolean

/** Refusals: malformed, when there are no accounts, or when it is not clear which table is meant. */
export function findTables(tables: Table[], by: Named, isOnePlace: IsOnePlace): Tables {
  const accounts = accountsIn(tables)
  const ours = tables.filter(({ name }) => name !== accounts.name && !/^(?:django|auth)_/.test(name))
  const candidates = ours.map((table) => candidateOf(table, { tables: ours, accounts: accounts.name, isOnePlace }))
  const messages = by.messages ? namedMessages(ours, accounts, by.messages) : pick(candidates, 'message')
  const notifications = by.notifications ? namedNotifications(ours, accounts, by.notifications) : pick(candidates, 'notification')
  const remarks = [
    taken('Messages', messages, { option: '--messages', asked: by.messages }),
    taken('Notifications', notifications, { option: '--notifications', asked: by.notifications }),
    ...(by.messages ? [] : candidates.flatMap(({ leftOut }) => leftOut ?? [])),
  ]
  return { accounts, messages, notifications, remarks }
}

/** Django's own, or a model of the project's in its place. */
function accountsIn(tables: Table[]): Table {
  const fitting = tables.filter(({ columns }) => ['username', 'password'].every((name) => columns.some((column) => column.name === name)))
  const found = fitting.find(({ name }) => name === 'auth_user') ?? fitting.find((table) => has(table, 'last_login')) ?? fitting[0]
  if (!found)
    throw new Refusal(
      'malformed',
      'This is no database of a Django project: no table holds accounts (username, password). Nothing was stored.',
    )
  return found
}

interface Candidate {
  is: 'message' | 'notification' | null
  shape: Shape | null
  /** Its name says that it is what it is taken for. */
  isSure: boolean
  /** Why it is not taken without being named, though it may hold messages. */
  leftOut?: string
}

/** What a table is judged by, besides itself. `accounts`: the name of their table. */
interface Surroundings {
  tables: Table[]
  accounts: string
  isOnePlace: IsOnePlace
}

/** Whether a table has the shape of messages or of notifications. */
function candidateOf(table: Table, around: Surroundings): Candidate {
  const none = { is: null, shape: null, isSure: false }
  const said = saysName(table.name)
  const people = peopleIn(table, around.accounts)
  const shape = shapeOf(table, said === 'notification' ? recipientOf(people) : people[0])
  if (!shape) return none
  const isNotification = said !== 'message' && shape.flag !== null
  if (isNotification) return recipientOf(people) ? { is: 'notification', shape, isSure: said !== null } : none
  if (said === 'notification') return none
  const leftOut = notForAll(table, around)
  return leftOut === null ? { is: 'message', shape, isSure: said !== null } : { ...none, leftOut }
}

/** What may be private, or was said in several rooms, is not put before everybody unasked. Null: there is nothing against it. */
function notForAll(table: Table, around: Surroundings): string | null {
  const people = everybodyIn(table, around.accounts)
  if (people.length > 1) return mayBePrivate(table, people)
  const link = linkToPeople(table, around)
  if (link) return mayBeAddressed(table, link)
  const room = roomIn(table, around.accounts)
  return room && !around.isOnePlace(table.name, room) ? severalRooms(table, room) : null
}

/** Of several people, the one whom it tells something. */
function recipientOf(people: Column[]): Column | undefined {
  if (people.length === 1) return people[0]
  const told = people.filter(({ name }) => /^(?:recipient|receiver|user|to_user|owner|target)(?:_id)?$/.test(name))
  return told.length === 1 ? told[0] : undefined
}

/** Of several people, the one who said it. */
function authorOf(people: Column[]): Column | undefined {
  if (people.length === 1) return people[0]
  const said = people.filter(({ name }) => /^(?:author|sender|user|from_user|owner|creator|created_by|posted_by)(?:_id)?$/.test(name))
  return said.length === 1 ? said[0] : undefined
}

/** The column that says in which of several rooms, threads or groups something was said. */
function roomIn(table: Table, accounts: string): string | undefined {
  const leadsElsewhere = ({ references }: Column) => references !== null && references !== accounts && references !== table.name
  return table.columns.find(
    (column) => leadsElsewhere(column) || /^(?:room|group|thread|conversation|channel)(?:_name|_id)?$/.test(column.name),
  )?.name
}

function mayBePrivate({ name }: Table, people: Column[]): string {
  const columns = people.map((column) => column.name).join(', ')
  return `${name} names several people in each message (${columns}): they may be private, and were left out. --messages ${name} brings them, for all to read.`
}

function mayBeAddressed({ name }: Table, link: Table): string {
  return `${link.name} links the messages of ${name} with people: they may be private, and were left out. --messages ${name} brings them, for all to read.`
}

function severalRooms({ name }: Table, room: string): string {
  return `${name} says in which room each message was (${room}), and was left out: here all would stand in one room, for all its members to read. --messages ${name} brings them.`
}

/** The only one that fits, or the only one whose name fits too. Refusal: malformed, when several do. */
function pick(candidates: Candidate[], is: 'message' | 'notification'): Shape | null {
  const fitting = candidates.filter((one) => one.is === is)
  const sure = fitting.filter(({ isSure }) => isSure)
  const [first, second] = sure.length > 0 ? sure : fitting
  if (!second) return first?.shape ?? null
  const names = fitting.map(({ shape }) => shape!.table).join(', ')
  throw new Refusal('malformed', `Several tables could hold the ${is}s: ${names}. Say which: --${is}s TABLE. Nothing was stored.`)
}

function namedMessages(tables: Table[], accounts: Table, name: string): Shape {
  const table = tableNamed(tables, name)
  return shapeOf(table, authorOf(peopleIn(table, accounts.name))) ?? unfit(name, 'an author, a text and a time')
}

function namedNotifications(tables: Table[], accounts: Table, name: string): Shape {
  const table = tableNamed(tables, name)
  const shape = shapeOf(table, recipientOf(peopleIn(table, accounts.name)))
  return shape?.flag ? shape : unfit(name, 'a recipient, a text, a time and a flag that it was read')
}

function tableNamed(tables: Table[], name: string): Table {
  const found = tables.find((table) => table.name === name)
  if (found) return found
  throw new Refusal(
    'malformed',
    `There is no table ${name} of the project’s own. There is: ${tables.map((table) => table.name).join(', ')}.`,
  )
}

function unfit(name: string, needed: string): never {
  throw new Refusal('malformed', `The table ${name} does not say clearly which of its columns are ${needed}. Nothing was stored.`)
}

function taken(what: string, shape: Shape | null, { option, asked }: { option: string; asked: string | undefined }): string {
  if (!shape) return `${what}: no table has their shape. If there is one, name it: ${option} TABLE.`
  const { table, person, text, time, flag } = shape
  const columns = [person, text, time, ...(what === 'Notifications' && flag ? [flag.column] : [])].join(', ')
  return `${what} were taken from ${table} (${columns})${asked ? '' : `; another table: ${option} TABLE`}.`
}

function has({ columns }: Table, name: string): boolean {
  return columns.some((column) => column.name === name)
}
