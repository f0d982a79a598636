import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { get } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Client, openWorld, type World } from './http-world.ts'

const PAGE = '<!doctype html><title>Belfry</title>'
const SCRIPT = 'console.log("Belfry")'
const HTML = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' }

let folder: string
let world: World
let browser: Client

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'belfry-web-'))
  mkdirSync(join(folder, 'assets'))
  for (const [name, text] of [
    ['index.html', PAGE],
    ['assets/main-abc123.js', SCRIPT],
  ] as const) {
    writeFileSync(join(folder, name), text)
    writeFileSync(join(folder, `${name}.br`), brotliCompressSync(text))
    writeFileSync(join(folder, `${name}.gz`), gzipSync(text))
  }
  writeFileSync(join(folder, 'favicon.svg'), '<svg/>')
  writeFileSync(join(folder, '.stamp'), 'not for others')
  world = await openWorld({ webFolder: folder })
  browser = world.stranger()
})
afterAll(async () => {
  await world[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true })
})

test.each(['//', '//chat', '//inbox', '//sign-in?next=/chat', '//a/page/that/is/none', '//index.html'])(
  'a browser that goes to %s gets the app',
  async (path) => {
    const answer = await browser.get(path, HTML)
    expect(answer).toMatchObject({ status: 200, body: PAGE })
    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(answer.headers.get('cache-control')).toBe('no-cache')
  },
)

test('assets stay for a year: their names hold a hash', async () => {
  const script = await browser.get('//assets/main-abc123.js')
  expect(script).toMatchObject({ status: 200, body: SCRIPT })
  expect(script.headers.get('content-type')).toContain('javascript')
  expect(script.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
  expect((await browser.get('//favicon.svg')).headers.get('cache-control')).toBe('no-cache')
})

test.each(['br', 'gzip'])('what the build compressed is sent so: %s', async (encoding) => {
  for (const path of ['/', '/chat', '/assets/main-abc123.js']) {
    const headers = await rawHeaders(path, { ...HTML, 'accept-encoding': encoding })
    expect(headers).toMatchObject({ 'content-encoding': encoding, 'vary': 'accept-encoding' })
  }
  expect(await rawHeaders('/assets/main-abc123.js', {})).not.toHaveProperty('content-encoding')
})

test.each([{}, { 'accept-encoding': 'identity' }, { 'accept-encoding': 'zstd' }])(
  'whoever takes nothing compressed gets the page as well: %o',
  async (headers) => {
    for (const path of ['/', '/chat']) expect(await rawAnswer(path, { accept: '*/*', ...headers })).toMatchObject({ status: 200 })
    for (const path of ['//', '/assets/']) expect((await rawAnswer(path, { accept: '*/*', ...headers })).status).toBeLessThan(500)
  },
)

test('what is no page is not found', async () => {
  for (const path of ['//api/v1/nothing', '//api', '//assets/gone.js']) {
    expect((await browser.get(path, HTML)).body).toMatchObject({ status: 404, code: 'not-found' })
  }
  expect((await browser.get('//nothing.js', { accept: '*/*' })).status).toBe(404)
  expect((await browser.send('POST', '//chat', { headers: HTML })).status).toBe(404)
})

test('nothing outside of the folder, and nothing hidden, is served', async () => {
  for (const path of ['/../package.json', '/%2e%2e/package.json', '/assets/..%2f..%2fpackage.json', '/.stamp', '/assets/%00']) {
    const { status } = await rawAnswer(path)
    expect(status, path).toBeGreaterThanOrEqual(400)
  }
})

test('every answer carries the headers that keep browsers strict', async () => {
  for (const path of ['//', '//chat', '//assets/main-abc123.js', '//api/v1/me', '//api/v1/nothing', '//health', '//%zz']) {
    const { headers } = await browser.get(path, HTML)
    const policy = headers.get('content-security-policy')!
    expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'")
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).not.toContain('unsafe')
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('referrer-policy')).toBe('same-origin')
    expect(headers.get('cross-origin-opener-policy')).toBe('same-origin')
    expect(headers.get('cross-origin-resource-policy')).toBe('same-origin')
  }
  expect((await browser.get('/me')).headers.get('cache-control')).toBe('no-store')
})

test('without the app there is the API alone', async () => {
  await using bare = await openWorld()
  expect((await bare.stranger().get('//chat', HTML)).body).toMatchObject({ status: 404, code: 'not-found' })
})

/** `fetch` decodes, and tidies addresses, by itself. */
function rawAnswer(
  path: string,
  headers: Record<string, string> = {},
): Promise<{ status: number; headers: NodeJS.Dict<string | string[]> }> {
  return new Promise((resolve, reject) => {
    get({ ...hostOf(world.url), path, headers }, (response) => {
      response.resume()
      response.on('end', () => resolve({ status: response.statusCode!, headers: response.headers }))
    }).on('error', reject)
  })
}

async function rawHeaders(path: string, headers: Record<string, string>) {
  return (await rawAnswer(path, headers)).headers
}

function hostOf(url: string): { hostname: string; port: string } {
  const { hostname, port } = new URL(url)
  return { hostname, port }
}
