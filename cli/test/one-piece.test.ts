import { execFileSync, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { onePiece, onePieceFolder } from '#one-piece.ts'

const ROOT = resolve(import.meta.dirname, '..', '..')

let folder: string
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'belfry-piece-'))))
afterEach(() => rmSync(folder, { recursive: true, force: true }))

test('the program in one piece is of use for as long as the sources are those of which it was made', () => {
  write('server/src/app.ts', 'one')
  expect(onePiece(folder)).toBeNull()
  const made = join(onePieceFolder(folder), 'main.js')
  write(made.slice(folder.length), '')
  expect(onePiece(folder)).toBe(pathToFileURL(made).href)
  write('server/src/app.ts', 'two')
  expect(onePiece(folder)).toBeNull()
  write('server/src/app.ts', 'one')
  expect(onePiece(folder)).toBe(pathToFileURL(made).href)
  write('server/src/more.ts', '')
  expect(onePiece(folder)).toBeNull()
})

test('it serves without a single file of the sources, in both threads; told to, it starts from them', async () => {
  execFileSync(process.execPath, ['cli/bin/put-together.js'], { cwd: ROOT })
  expect(await sourcesLoaded()).toEqual(['cli/src/fingerprint.ts', 'cli/src/one-piece.ts', 'cli/src/start.ts'])
  expect(await sourcesLoaded({ BELFRY_FROM_SOURCES: 'yes' })).toEqual(
    expect.arrayContaining(['cli/src/serve.ts', 'server/src/writer-thread.ts']),
  )
})

test('what fails there is told by its line in the sources', () => {
  execFileSync(process.execPath, ['cli/bin/put-together.js'], { cwd: ROOT })
  const made = onePieceFolder(ROOT)
  const maps = readdirSync(made).filter((name) => name.endsWith('.map'))
  const sources = maps.flatMap((name) => (JSON.parse(readFileSync(join(made, name), 'utf8')) as { sources: string[] }).sources)
  for (const file of ['cli/src/serve.ts', 'server/src/app.ts', 'server/src/store/tx.ts', 'server/src/writer-thread.ts'])
    expect(sources.some((source) => resolve(made, source) === join(ROOT, file))).toBe(true)
})

const HOOK = `
  import { appendFileSync } from 'node:fs'
  import { registerHooks } from 'node:module'
  registerHooks({ load(url, context, nextLoad) { appendFileSync(process.env.LOADED, url + '\\n'); return nextLoad(url, context) } })`

/** By a server that starts on a new folder, and is asked to stop once it listens. */
async function sourcesLoaded(env: Record<string, string> = {}): Promise<string[]> {
  const [hook, loaded] = [join(folder, 'hook.mjs'), join(folder, 'loaded')]
  writeFileSync(hook, HOOK)
  // A switch of V8 is the process' own: the writer thread must not be started with it.
  const server = spawn(process.execPath, ['--expose-gc', '--import', hook, join(ROOT, 'cli', 'bin', 'belfry.js'), 'serve'], {
    env: { WEB: 'off', PORT: '0', DATA_DIR: join(folder, 'data'), LOADED: loaded, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  server.stdout.on('data', (text) => String(text).includes('Belfry listens') && server.kill('SIGTERM'))
  expect(await new Promise((done) => void server.on('close', done))).toBe(0)
  const root = `${pathToFileURL(ROOT).href}/`
  const sources = readFileSync(loaded, 'utf8')
    .split('\n')
    .filter((url) => /\/(cli|server|protocol)\/src\//.test(url))
  rmSync(loaded)
  return [...new Set(sources.map((url) => url.slice(root.length)))].toSorted()
}

function write(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true })
  writeFileSync(join(folder, path), text)
}
