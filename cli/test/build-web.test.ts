import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { buildWeb, webIsStale } from '#build-web.ts'

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'belfry-web-'))
  symlinkSync(resolve(import.meta.dirname, '../../node_modules'), join(root, 'node_modules'))
  write('web/index.html', '<!doctype html><title>one</title><script type="module" src="/src/main.ts"></script>')
  write('web/src/main.ts', 'console.log(1)')
  write('client/src/belfry.ts', 'export {}')
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

const signal = new AbortController().signal

test('what was built is fresh until a source changes, is added or is gone', async () => {
  expect(webIsStale(root)).toBe(true)
  expect(await buildWeb({ root, signal })).toEqual(expect.any(Number))
  expect(webIsStale(root)).toBe(false)
  write('client/src/belfry.ts', 'export const more = 1')
  expect(webIsStale(root)).toBe(true)
  write('client/src/belfry.ts', 'export {}')
  expect(webIsStale(root)).toBe(false)
  write('protocol/src/more.ts', '')
  expect(webIsStale(root)).toBe(true)
  rmSync(join(root, 'protocol'), { recursive: true })
  rmSync(join(root, 'web/dist/.built-from'))
  expect(webIsStale(root)).toBe(true)
})

test('beside every file that compresses stand its .br and .gz', async () => {
  await buildWeb({ root, signal })
  const files = readdirSync(join(root, 'web/dist'), { recursive: true, encoding: 'utf8' }).filter((name) => /\.(html|js)$/.test(name))
  expect(files).toHaveLength(2)
  for (const name of files) {
    const file = join(root, 'web/dist', name)
    const content = readFileSync(file)
    expect(brotliDecompressSync(readFileSync(`${file}.br`)).equals(content)).toBe(true)
    expect(gunzipSync(readFileSync(`${file}.gz`)).equals(content)).toBe(true)
  }
})

test('two starts at once leave one whole build and nothing beside it', async () => {
  write('web/dist/index.html', 'old')
  await Promise.all([buildWeb({ root, signal }), buildWeb({ root, signal })])
  expect(webIsStale(root)).toBe(false)
  expect(readFileSync(join(root, 'web/dist/index.html'), 'utf8')).toContain('<title>one</title>')
  expect(readdirSync(join(root, 'web')).toSorted()).toEqual(['dist', 'index.html', 'src'])
})

test('a build that fails says why and leaves what was there', async () => {
  write('web/dist/index.html', 'old')
  write('web/src/main.ts', 'import "./gone.ts"')
  await expect(buildWeb({ root, signal })).rejects.toThrow(/^The web app could not be built\.\n[^]*gone\.ts/)
  expect(readFileSync(join(root, 'web/dist/index.html'), 'utf8')).toBe('old')
  expect(readdirSync(join(root, 'web')).toSorted()).toEqual(['dist', 'index.html', 'src'])
})

test('a build that is stopped leaves nothing behind', async () => {
  const stop = new AbortController()
  const building = buildWeb({ root, signal: stop.signal })
  stop.abort()
  expect(await building).toBeNull()
  expect(existsSync(join(root, 'web/dist'))).toBe(false)
  expect(readdirSync(join(root, 'web')).toSorted()).toEqual(['index.html', 'src'])
})

test('without sources, what is there is served', () => {
  rmSync(join(root, 'web/src'), { recursive: true })
  expect(webIsStale(root)).toBe(false)
})

function write(path: string, content: string): void {
  const file = join(root, path)
  mkdirSync(resolve(file, '..'), { recursive: true })
  writeFileSync(file, content)
}
