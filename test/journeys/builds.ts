import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join } from 'node:path'
import { ROOT } from './server.ts'

const TYPES: Record<string, string> = { '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml' }
const DIST = join(ROOT, 'web', 'dist')

/** Serves the built app, and nothing of people; every build that it is told to serve differs from those before in each of its names. */
export class Builds implements AsyncDisposable {
  /** What was asked for, in order. */
  readonly asked: string[] = []
  #build = 'first'
  #state: 'well' | 'silent' | 'failing' = 'well'
  readonly #server = createServer((request, response) => this.#answer(request.url!, response))

  static async open(): Promise<Builds> {
    const builds = new Builds()
    builds.#server.listen(0, '127.0.0.1')
    await once(builds.#server, 'listening')
    return builds
  }

  get url(): string {
    return `http://localhost:${(this.#server.address() as AddressInfo).port}`
  }

  deploys(build: string): void {
    this.#build = build
  }

  /** `silent`: connections stand, and nothing comes; `failing`: a proxy answers in its place. */
  becomes(state: 'well' | 'silent' | 'failing'): void {
    this.#state = state
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections()
    this.#server.close()
    await once(this.#server, 'close')
  }

  #answer(url: string, response: ServerResponse): void {
    this.asked.push(url)
    if (this.#state === 'silent') return
    if (this.#state === 'failing') return void response.writeHead(502).end('Bad gateway')
    const isPage = !/\.[^/]*$/.test(url) && !/^\/(?:api|health|metrics)/.test(url)
    const [, build, name] = /^\/assets\/([a-z]+)\.(.*)$/.exec(url) ?? []
    const file = isPage ? 'index.html' : name ? join('assets', name) : url
    const content = build && build !== this.#build ? null : contentOf(file)
    if (!content) return void response.writeHead(404).end('Not found')
    const type = isPage ? 'text/html' : (TYPES[extname(file)] ?? 'application/octet-stream')
    response.writeHead(200, { 'content-type': type, 'cache-control': isPage ? 'no-cache' : 'public, max-age=3600' })
    response.end(type.startsWith('text/') ? this.#renamed(content.toString()) : content)
  }

  /** As if each name held the build's own hash. */
  #renamed(text: string): string {
    return text
      .replaceAll(/(["'`/(])assets\//g, `$1assets/${this.#build}.`)
      .replaceAll(/(["'`(])\.\/(?=[\w-]+\.(?:js|css|woff2))/g, `$1./${this.#build}.`)
      .replace('"version":"', `"version":"${this.#build}-`)
      .replace('<title>Belfry</title>', `<title>Belfry</title><meta name="build" content="${this.#build}">`)
  }
}

function contentOf(file: string): Buffer | null {
  try {
    return readFileSync(join(DIST, file))
  } catch {
    return null
  }
}
