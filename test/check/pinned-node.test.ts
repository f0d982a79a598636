import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, lstatSync, mkdirSync, mkdtempSync, readlinkSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

const ROOT = resolve(import.meta.dirname, '..', '..')
const PINNED = `node-${process.platform}-${process.arch}`
const isPinned = existsSync(join(ROOT, 'node_modules', PINNED))

let root: string

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'belfry-node-'))
})

afterEach(() => rmSync(root, { recursive: true, force: true }))

describe('the command, started by an older Node', () => {
  beforeEach(() => {
    cpSync(join(ROOT, 'cli', 'bin'), join(root, 'cli', 'bin'), { recursive: true })
    write('cli/package.json', '{"type": "module", "imports": {"#*": "./src/*"}}')
    write('old.cjs', "Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.0.0' } })")
  })

  test.skipIf(!isPinned)('goes on with the pinned one, which gets its arguments and whose exit code it returns', async () => {
    linkPinned()
    write('cli/src/start.ts', 'console.log(process.version, process.argv.slice(2).join()); process.exitCode = 3')
    expect(await ended(start('serve', '--port=1'))).toEqual({ code: 3, out: `${process.version} serve,--port=1\n`, err: '' })
  })

  test.skipIf(!isPinned).each(['SIGTERM', 'SIGINT'] as const)('passes %s on and waits', async (signal) => {
    linkPinned()
    write(
      'cli/src/start.ts',
      `process.once('${signal}', () => { console.log('ends'); clearInterval(timer) })\nconst timer = setInterval(() => {}, 1000)\nconsole.log('runs')`,
    )
    const child = start('serve')
    await once(child.stdout!, 'data')
    const end = ended(child)
    child.kill(signal)
    expect(await end).toMatchObject({ code: 0, out: 'ends\n' })
  })

  test('says in one line what is missing where there is no pinned one', async () => {
    const { code, err } = await ended(start('serve'))
    expect(code).toBe(1)
    expect(err).toMatch(/^Belfry needs Node 24\.21 or newer; this is v[\d.]+\. .+\n$/)
  })
})

describe.skipIf(process.platform === 'win32')('after npm install', () => {
  const link = () => join(root, 'node_modules', '.bin', 'node')

  test('the pinned Node is linked where npm did not', () => {
    write(`node_modules/${PINNED}/bin/node`, '')
    linkNode()
    expect(readlinkSync(link())).toBe(join('..', PINNED, 'bin', 'node'))
  })

  test('a link that leads nowhere is mended, another is left alone', () => {
    write(`node_modules/${PINNED}/bin/node`, '')
    write('node_modules/.bin/other', '')
    symlinkSync('nowhere', link())
    linkNode()
    expect(readlinkSync(link())).toBe(join('..', PINNED, 'bin', 'node'))
    rmSync(link())
    symlinkSync('other', link())
    linkNode()
    expect(readlinkSync(link())).toBe('other')
  })

  test('nothing is linked where no Node is pinned', () => {
    write('node_modules/.bin/other', '')
    linkNode()
    expect(lstatSync(link(), { throwIfNoEntry: false })).toBeUndefined()
  })
})

function start(...args: string[]): ChildProcess {
  return spawn(process.execPath, ['--require', join(root, 'old.cjs'), join(root, 'cli', 'bin', 'belfry.js'), ...args])
}

async function ended(child: ChildProcess): Promise<{ code: number | null; out: string; err: string }> {
  const said = { out: '', err: '' }
  child.stdout!.on('data', (chunk) => (said.out += String(chunk)))
  child.stderr!.on('data', (chunk) => (said.err += String(chunk)))
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, ...said }
}

function linkPinned(): void {
  mkdirSync(join(root, 'node_modules'))
  symlinkSync(join(ROOT, 'node_modules', PINNED), join(root, 'node_modules', PINNED))
}

function linkNode(): void {
  execFileSync(process.execPath, [join(ROOT, 'scripts', 'link-node.js')], { cwd: root })
}

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), text)
}
