import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { curl } from '#test/binaries.ts'
import { PATIENCE } from './screen.ts'
import { Server } from './server.ts'
import { PASSWORD, storeAccounts } from './stored.ts'

/** `curl` as somebody types it, and what it has printed. */
class Curl implements AsyncDisposable {
  readonly #child: ChildProcess
  readonly #closed: Promise<unknown>
  output = ''

  constructor(...args: string[]) {
    this.#child = spawn(curl.path, ['--silent', '--show-error', ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
    this.#child.stdout!.setEncoding('utf8').on('data', (text: string) => (this.output += text))
    this.#closed = once(this.#child, 'close')
  }

  static async prints(...args: string[]): Promise<string> {
    const run = new Curl(...args)
    await run.ends()
    return run.output
  }

  get ids(): string[] {
    return [...this.output.matchAll(/^id: (.+)$/gm)].map(([, id]) => id!)
  }

  get bodies(): string[] {
    return [...this.output.matchAll(/"body":"([^"]+)"/g)].map(([, body]) => body!)
  }

  async sees(text: string): Promise<void> {
    await expect.poll(() => this.output, PATIENCE).toContain(text)
  }

  async ends(): Promise<void> {
    await this.#closed
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill()
    await this.#closed
  }
}

const JSON_BODY = ['-H', 'Content-Type: application/json', '-d'] as const

describe.skipIf(curl.missing)('a shell with curl', () => {
  let folder: string
  let server: Server
  let cookies: string[]

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'belfry-curl-'))
    await storeAccounts(folder, { alice: 'Alice', bob: 'Bob' })
    server = new Server(folder)
  })
  beforeEach(async () => {
    await server.start()
    cookies = await signsIn('bob')
  })
  afterAll(async () => {
    await server[Symbol.asyncDispose]()
    await rm(folder, { recursive: true })
  })

  const api = (path: string) => `${server.url}/api/v1${path}`
  const follow = (topic: string, ...args: string[]) => new Curl('-N', ...cookies, ...args, api(`/topics/${topic}/changes`))
  const posts = async (...bodies: string[]) => {
    for (const body of bodies) await Curl.prints(...cookies, ...JSON_BODY, JSON.stringify({ body }), api('/rooms/general/messages'))
  }

  async function signsIn(username: string): Promise<string[]> {
    const jar = join(folder, username)
    await Curl.prints('-c', jar, ...JSON_BODY, JSON.stringify({ username, password: PASSWORD }), api('/session'))
    return ['-b', jar]
  }

  test('[F1] follows a room, and goes on where it was: no hole, nothing twice, also after the server was stopped', async () => {
    const first = follow('room:general')
    await first.sees('"t":"live"')
    await posts('one', 'two')
    await first.sees('"two"')
    await first[Symbol.asyncDispose]()
    await posts('three', 'four')

    const second = follow('room:general', '-H', `Last-Event-ID: ${first.ids.at(-1)}`)
    await second.sees('"four"')
    await server.stop()
    await second.ends()
    expect(second.output).toMatch(/data: \{"t":"close","code":4000,"reason":"shutting-down"\}\n\n$/)

    await server.start()
    await posts('five')
    await using third = follow('room:general', '-H', `Last-Event-ID: ${second.ids.at(-1)}`)
    await third.sees('"t":"live"')
    await posts('six')
    await third.sees('"six"')
    expect([...first.bodies, ...second.bodies, ...third.bodies]).toEqual(['one', 'two', 'three', 'four', 'five', 'six'])
    await server.stop()
  })

  test('follows with a session’s token what it may follow, and is told what it may not', async () => {
    const jar = await Curl.prints('-c', '-', ...JSON_BODY, JSON.stringify({ username: 'alice', password: PASSWORD }), api('/session'))
    const token = /\tbelfry\t(\S+)/.exec(jar)![1]!
    await using stream = new Curl('-N', '-H', `Authorization: Bearer ${token}`, api('/stream?follow=room:general,room:nowhere'))
    await stream.sees('"t":"live","topic":"room:general"')
    await stream.sees('"t":"unfollowed","topic":"room:nowhere"')
    await using refused = follow('room:nowhere')
    await refused.sees('"code":"not-found"')
    await server.stop()
  })
})
