import { pbkdf2Sync } from 'node:crypto'
import { DatabaseSync } from 'node:sqlite'

/** What a project calls its tables and columns. */
export interface Names {
  users: string
  messages: string
  notifications: string
  text: string
  time: string
  author: string
  recipient: string
  read: string
}

/** The demo's. */
export const DEMO: Names = {
  users: 'auth_user',
  messages: 'chat_chatmessage',
  notifications: 'chat_notification',
  text: 'message',
  time: 'timestamp',
  author: 'user_id',
  recipient: 'user_id',
  read: 'is_read',
}

export interface ProjectUser {
  id: number
  username: string
  password?: string
  first_name?: string
  last_name?: string
  is_superuser?: 0 | 1
  is_active?: 0 | 1
}

/** A chat project's database as Django makes it, beside the tables that it always has. */
export class DjangoProject implements Disposable {
  readonly file: DatabaseSync
  readonly names: Names

  constructor(path: string, names: Partial<Names> = {}) {
    this.names = { ...DEMO, ...names }
    this.file = new DatabaseSync(path)
    this.file.exec(schema(this.names))
  }

  hasUser(user: ProjectUser): this {
    const row = { password: '!', first_name: '', last_name: '', is_superuser: 0, is_active: 1, ...user }
    const time = '2026-11-22 10:55:35.214608'
    this.#insert(this.names.users, { ...row, email: '', is_staff: 0, date_joined: time, last_login: null })
    return this
  }

  said(id: number, { by, text, time = '2011-04-28 06:24:00' }: { by: number | null; text: string; time?: string }): this {
    const { messages, author } = this.names
    this.#insert(messages, { id, [author]: by, [this.names.text]: text, [this.names.time]: time })
    return this
  }

  told(id: number, { to, text, read }: { to: number; text: string; read: 0 | 1 }): this {
    const { notifications, recipient } = this.names
    const time = `2026-11-01 09:00:0${id}`
    this.#insert(notifications, { id, [recipient]: to, [this.names.text]: text, [this.names.time]: time, [this.names.read]: read })
    return this
  }

  renames(id: number, username: string): this {
    this.file.prepare(`UPDATE "${this.names.users}" SET username = ? WHERE id = ?`).run(username, id)
    return this
  }

  [Symbol.dispose](): void {
    this.file.close()
  }

  #insert(table: string, row: Record<string, string | number | null>): void {
    const columns = Object.keys(row)
    const values = columns.map(() => '?').join(', ')
    this.file
      .prepare(`INSERT INTO "${table}" (${columns.map((name) => `"${name}"`).join(', ')}) VALUES (${values})`)
      .run(...Object.values(row))
  }
}

function schema({ users, messages, notifications, text, time, author, recipient, read }: Names): string {
  const key = '"id" integer NOT NULL PRIMARY KEY AUTOINCREMENT'
  const leadsTo = `integer NULL REFERENCES "${users}" ("id") DEFERRABLE INITIALLY DEFERRED`
  return `
    PRAGMA foreign_keys = OFF;
    CREATE TABLE "django_migrations" (${key}, "app" varchar(255) NOT NULL, "name" varchar(255) NOT NULL, "applied" datetime NOT NULL);
    CREATE TABLE "${users}" (${key}, "password" varchar(128) NOT NULL, "last_login" datetime NULL, "is_superuser" bool NOT NULL,
      "username" varchar(150) NOT NULL UNIQUE, "last_name" varchar(150) NOT NULL, "email" varchar(254) NOT NULL, "is_staff" bool NOT NULL,
      "is_active" bool NOT NULL, "date_joined" datetime NOT NULL, "first_name" varchar(150) NOT NULL);
    CREATE TABLE "django_admin_log" (${key}, "action_time" datetime NOT NULL, "object_id" text NULL, "object_repr" varchar(200) NOT NULL,
      "change_message" text NOT NULL, "user_id" ${leadsTo}, "action_flag" smallint unsigned NOT NULL);
    CREATE TABLE "django_session" ("session_key" varchar(40) NOT NULL PRIMARY KEY, "session_data" text NOT NULL, "expire_date" datetime NOT NULL);
    CREATE TABLE "authtoken_token" ("key" varchar(40) NOT NULL PRIMARY KEY, "created" datetime NOT NULL, "user_id" ${leadsTo});
    CREATE TABLE "${notifications}" (${key}, "${text}" text NOT NULL, "${read}" bool NOT NULL, "${time}" datetime NOT NULL, "${recipient}" ${leadsTo});
    CREATE TABLE "${messages}" (${key}, "${text}" text NOT NULL, "${time}" datetime NOT NULL, "${author}" ${leadsTo});`
}

/** As Django hashes passwords, but cheaper. */
export function djangoHash(password: string, iterations = 1_000): string {
  const salt = 'BW37rpUe9YCBclEP6MRXHN'
  return `pbkdf2_sha256$${iterations}$${salt}$${pbkdf2Sync(password, salt, iterations, 32, 'sha256').toString('base64')}`
}
