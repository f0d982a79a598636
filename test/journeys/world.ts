import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Input } from '@belfry/protocol/commands.ts'
import type { Browser, BrowserContextOptions } from 'playwright-core'
import { Network } from './network.ts'
import { Person } from './person.ts'
import { PATIENCE, type Screen } from './screen.ts'
import { BELFRY, environment, Server, type Settings } from './server.ts'
import { type LongRoom, type Said, storeAccounts, storeHistory, storeLongRoom, storeNotification, storeSaid } from './stored.ts'

const NAMES: Record<string, string> = { alice: 'Alice', bob: 'Bob', carol: 'Carol', prachi: 'Prachi', aman: 'Aman' }

interface Who {
  people: readonly string[]
  administrators: readonly string[]
}

/** A server with data of its own, and the people at it. Opened once for a journey; ends with everything that it started. */
export class World implements AsyncDisposable {
  readonly folder: string
  readonly server: Server
  readonly #browser: Browser
  readonly #people: Person[] = []

  private constructor(browser: Browser, at: { folder: string; settings: Settings }) {
    this.#browser = browser
    this.folder = at.folder
    this.server = new Server(at.folder, at.settings)
  }

  /** With accounts for alice, bob, carol, prachi and aman, or for those named. */
  static async open(browser: Browser, settings: Settings = {}, who: Partial<Who> = {}): Promise<World> {
    const world = new World(browser, { folder: await mkdtemp(join(tmpdir(), 'belfry-journey-')), settings })
    await using undo = new AsyncDisposableStack()
    undo.use(world)
    await storeAccounts(world.folder, namesOf(who.people), who.administrators)
    await world.server.start()
    undo.move()
    return world
  }

  /** With nobody in it yet. */
  static empty(browser: Browser): Promise<World> {
    return World.open(browser, {}, { people: [] })
  }

  /** What stood in General before this journey began. */
  async history(said: readonly Said[]): Promise<void> {
    await storeHistory(this.folder, said)
  }

  /** Somebody writes this into General now. */
  async says(by: string, ...bodies: string[]): Promise<void> {
    await storeSaid(this.folder, by, bodies)
  }

  /** A room that is there besides General. */
  async room(room: LongRoom): Promise<void> {
    await storeLongRoom(this.folder, room)
  }

  /** Rings the bell of one person. */
  async notifies(to: string, title: string, more: Omit<Input<'notification.publish'>, 'to' | 'title'> = {}): Promise<void> {
    await storeNotification(this.folder, { to, title, ...more })
  }

  /** A browser in which nobody has signed in yet. */
  async visitor(username: string, options: BrowserContextOptions = {}): Promise<Person> {
    const network = await Network.open({ port: () => this.server.port })
    const context = await this.#browser.newContext({ locale: 'en-GB', reducedMotion: 'reduce', ...options })
    context.setDefaultTimeout(PATIENCE.timeout)
    const person = new Person(username, { context, network })
    this.#people.push(person)
    return person
  }

  async person(username: string, options: BrowserContextOptions = {}): Promise<Person> {
    const person = await this.visitor(username, options)
    await person.signsIn()
    return person
  }

  /** A signed-in person each, who looks at General. */
  async inGeneral<const Names extends readonly string[]>(...usernames: Names): Promise<{ [at in keyof Names]: Screen }> {
    const screens = await Promise.all(usernames.map(async (username) => (await this.person(username)).opens('/chat')))
    await Promise.all(screens.map((screen) => screen.log.waitFor()))
    return screens as { [at in keyof Names]: Screen }
  }

  /** A command on the server's machine; answers what it printed. */
  async belfry(...args: string[]): Promise<string> {
    const env = environment({ DATA_DIR: this.folder })
    const { stdout } = await promisify(execFile)(process.execPath, [BELFRY, ...args], { env })
    return stdout.trim()
  }

  /** What no page may ever do: errors in a console, breaches of the Content-Security-Policy. */
  get complaints(): string[] {
    return this.#people.flatMap((person) => person.complaints)
  }

  /** In words, every page that is open. */
  async seen(): Promise<string> {
    return (await Promise.all(this.#people.map((person) => person.seen()))).flat().join('\n\n')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#people.map((person) => person[Symbol.asyncDispose]()))
    await this.server[Symbol.asyncDispose]()
    await rm(this.folder, { recursive: true, force: true })
  }
}

function namesOf(people: readonly string[] = Object.keys(NAMES)): Record<string, string> {
  return Object.fromEntries(people.map((username) => [username, NAMES[username] ?? username]))
}
