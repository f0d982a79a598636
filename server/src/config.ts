import { resolve } from 'node:path'
import { z } from 'zod'
import { CannotStart } from '#lib/cannot-start.ts'
import { issueWords } from '#lib/issue-words.ts'

/** The settings, parsed. Nothing else reads the environment. */
export interface Config {
  host: string
  port: number
  /** Where the SQLite database is. */
  dataDir: string
  /** PostgreSQL instead, which several nodes may share: `postgres://user:password@host/database`. */
  databaseUrl: string | null
  /** What several nodes tell each other goes through this Redis; null: this is the only node. A secret. */
  redisUrl: string | null
  /** The address that people use, when it is not `http://localhost:PORT`: behind a proxy, with https. */
  baseUrl: URL | null
  /** Proxies whose X-Forwarded-For and -Proto are believed. */
  trustedProxies: string[]
  logLevel: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent'
  /** `off`: the API alone, without the web app. */
  web: 'on' | 'off'
  /** How often one may: so many at once, then so many a second. */
  rates: { messages: Rate; others: Rate; notifications: Rate; signIns: Rate }
  connectionsPerUserMax: number
  /** Who comes, or comes back, is greeted at this rate: a thousand at once would hold up those who are there. */
  handshakesPerSecond: number
}

export interface Rate {
  burst: number
  perSecond: number
}

const count = (fallback: number) => z.coerce.number().int().positive().default(fallback)
const perSecond = (fallback: number) => z.coerce.number().positive().default(fallback)

const postgresAddress = z.url({ protocol: /^postgres(ql)?$/, error: 'must be an address that begins with postgres:// or postgresql://' })

const settings = z.object({
  HOST: z.string().default('127.0.0.1'),
  PORT: z.coerce.number().int().min(0).max(65_535).default(8000),
  DATA_DIR: z.string().min(1).default('./data'),
  DATABASE_URL: postgresAddress.optional(),
  REDIS_URL: z.url({ protocol: /^rediss?$/, error: 'must be an address that begins with redis:// or, for TLS, rediss://' }).optional(),
  BASE_URL: z.url({ protocol: /^https?$/, error: 'must be an address that begins with https:// or http://' }).optional(),
  TRUSTED_PROXIES: z.string().default(''),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  WEB: z.enum(['on', 'off']).default('on'),
  MESSAGES_BURST: count(50),
  MESSAGES_PER_SECOND: perSecond(5),
  OTHERS_BURST: count(300),
  OTHERS_PER_SECOND: perSecond(50),
  NOTIFICATIONS_BURST: count(500),
  NOTIFICATIONS_PER_SECOND: perSecond(100),
  SIGN_INS_BURST: count(10),
  SIGN_INS_PER_SECOND: perSecond(0.1),
  CONNECTIONS_PER_USER: count(20),
  HANDSHAKES_PER_SECOND: count(1_000),
})

/** Reads the settings from environment variables; empty ones count as absent. Throws {@link CannotStart} on bad ones, and names them. */
export function readConfig(env: Record<string, string | undefined>): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''))
  const parsed = settings.safeParse(given)
  if (!parsed.success) throw new CannotStart(parsed.error.issues.map((issue) => badSetting(issue, given)).join(' '))
  const set = parsed.data
  return {
    host: set.HOST,
    port: set.PORT,
    dataDir: resolve(set.DATA_DIR),
    databaseUrl: set.DATABASE_URL ?? null,
    redisUrl: set.REDIS_URL ?? null,
    baseUrl: set.BASE_URL ? new URL(set.BASE_URL) : null,
    trustedProxies: set.TRUSTED_PROXIES.split(',')
      .map((proxy) => proxy.trim())
      .filter((proxy) => proxy !== ''),
    logLevel: set.LOG_LEVEL,
    web: set.WEB,
    rates: {
      messages: { burst: set.MESSAGES_BURST, perSecond: set.MESSAGES_PER_SECOND },
      others: { burst: set.OTHERS_BURST, perSecond: set.OTHERS_PER_SECOND },
      notifications: { burst: set.NOTIFICATIONS_BURST, perSecond: set.NOTIFICATIONS_PER_SECOND },
      signIns: { burst: set.SIGN_INS_BURST, perSecond: set.SIGN_INS_PER_SECOND },
    },
    connectionsPerUserMax: set.CONNECTIONS_PER_USER,
    handshakesPerSecond: set.HANDSHAKES_PER_SECOND,
  }
}

/** Reads the address of a database that a command was given. Throws {@link CannotStart} on a bad one, and does not show it: it may hold a password. */
export function readDatabaseAddress(given: string): string {
  const parsed = postgresAddress.safeParse(given)
  if (!parsed.success) throw new CannotStart(`The address of the database is not valid: it ${issueWords(parsed.error.issues[0]!)}.`)
  return parsed.data
}

/** What may hold a password is shown to nobody. */
const SECRET = new Set(['DATABASE_URL', 'REDIS_URL'])

function badSetting(issue: z.core.$ZodIssue, given: Record<string, string | undefined>): string {
  const name = String(issue.path[0])
  const shown = SECRET.has(name) ? name : `${name}=${given[name]}`
  return `The setting ${shown} is not valid: it ${issueWords(issue)}.`
}
