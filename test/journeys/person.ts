import type { BrowserContext, ConsoleMessage, Page, Request } from 'playwright-core'
import type { Network } from './network.ts'
import { Screen } from './screen.ts'
import { PASSWORD } from './stored.ts'

/** What the browser itself notes about a network that is away, somebody not signed in, a refusal, a limit, and a server that stops or is gone; the page says it in words. */
const NETWORK_NOTES = /net::ERR_|status of (?:401|403|409|429|50[234])|WebSocket connection to/

const SEEN_WITHIN_MS = 5_000

/** The browser of a phone. */
export const PHONE = { viewport: { width: 390, height: 800 }, hasTouch: true, isMobile: true }

/** Somebody with a browser of their own, on a line of their own. */
export class Person implements AsyncDisposable {
  readonly username: string
  readonly context: BrowserContext
  readonly network: Network
  /** Errors in the console and breaches of the Content-Security-Policy. */
  readonly complaints: string[] = []
  /** How its pages have tried to reach the server, in order. */
  readonly tries: ('socket' | 'stream')[] = []
  /** What scripts got: the text of every frame and answer. */
  readonly #texts: Promise<string>[] = []

  constructor(username: string, around: { context: BrowserContext; network: Network }) {
    this.username = username
    this.context = around.context
    this.network = around.network
    this.context.on('page', (page) => this.#watch(page))
    this.context.on('console', (message) => this.#heard(message))
    this.context.on('weberror', (error) => this.complaints.push(`${username}: ${error.error().stack ?? String(error.error())}`))
  }

  async opens(path: string): Promise<Screen> {
    const page = await this.context.newPage()
    await page.goto(this.network.url + path)
    return new Screen(this, page)
  }

  /** Signs the browser in, as the page would. */
  async signsIn(username = this.username): Promise<void> {
    const { url } = this.network
    const data = { username, password: PASSWORD }
    const answer = await this.context.request.post(`${url}/api/v1/session`, { data, headers: { origin: url } })
    if (!answer.ok()) throw new Error(`${username} could not sign in: ${await answer.text()}`)
  }

  /** Everything that reached this browser: the bytes on its line, and what was unpacked from them. */
  async received(): Promise<string> {
    return [this.network.received.toString('utf8'), ...(await Promise.all(this.#texts))].join('\n')
  }

  /** In words, each page that is open. */
  async seen(): Promise<string[]> {
    const inWords = async (page: Page) =>
      `${this.username} at ${page.url()}\n${await page.locator('body').ariaSnapshot({ timeout: SEEN_WITHIN_MS })}`
    return Promise.all(this.context.pages().map((page) => inWords(page).catch(String)))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.context.close()
    await this.network[Symbol.asyncDispose]()
  }

  #watch(page: Page): void {
    page.on('request', (request) => void (isStream(request) && this.tries.push('stream')))
    // A stream has no end to wait for; it is not packed, so its text is among the bytes.
    page.on('response', (response) => void (isStream(response.request()) || this.#texts.push(response.text().catch(() => ''))))
    page.on('websocket', (socket) => {
      this.tries.push('socket')
      socket.on('framereceived', ({ payload }) => this.#texts.push(Promise.resolve(String(payload))))
    })
  }

  #heard(message: ConsoleMessage): void {
    if (message.type() !== 'error' || NETWORK_NOTES.test(message.text())) return
    this.complaints.push(`${this.username}: ${message.text()} (${message.location().url})`)
  }
}

function isStream(request: Request): boolean {
  return new URL(request.url()).pathname === '/api/v1/stream'
}
