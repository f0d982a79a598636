import { execFileSync, spawnSync } from 'node:child_process'
import { closeSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs'
import { cpus, release, totalmem, type } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { spread } from '#statistics.ts'
import { number } from './numbers.ts'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))
const GIB = 1024 ** 3
const SYNCS = 200
const PAGE_BYTES = 4096
const STARTS = 9

/** What was measured, and on what, a line a part. */
export function describeMachine(folder: string): string[] {
  const processors = cpus()
  return [
    ...commitOf(ROOT),
    `${processors.length} × ${processors[0]?.model.trim() ?? 'unknown processor'}, ${Math.round(totalmem() / GIB)} GiB of memory`,
    `${system()}, ${type()} ${release()}`,
    `Node ${process.version}, SQLite ${process.versions.sqlite}`,
    `A Node that does nothing starts and ends in ${number(nothingMs())} ms`,
    `4 kB written and synced to the disk: ${number(syncMs(folder))} ms`,
  ]
}

/** The code that is in this folder; nothing where no git of its own keeps it. */
export function commitOf(folder: string): string[] {
  const git = (...args: string[]) => {
    const where = [`--git-dir=${join(folder, '.git')}`, `--work-tree=${folder}`]
    return execFileSync('git', ['--no-optional-locks', ...where, ...args], { cwd: folder, encoding: 'utf8', stdio: 'pipe' }).trim()
  }
  try {
    const commit = git('rev-parse', '--short', 'HEAD')
    return [`Commit ${commit}${git('status', '--porcelain') === '' ? '' : ', and changes that are not committed'}`]
  } catch {
    return []
  }
}

function system(): string {
  try {
    return /^PRETTY_NAME="(.+)"$/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? process.platform
  } catch {
    return process.platform
  }
}

/** What this machine makes of its processors today: among machines that name them alike it differs by several times, and on one that is shared from day to day. */
function nothingMs(): number {
  const took = Array.from({ length: STARTS }, () => {
    const startedAt = performance.now()
    spawnSync(process.execPath, ['--eval', ''])
    return performance.now() - startedAt
  })
  return spread(took).median
}

/** What a commit has to wait for at least: the disk's own part in every figure about storing. */
function syncMs(folder: string): number {
  const file = openSync(join(folder, 'sync'), 'w')
  const took: number[] = []
  for (let at = 0; at < SYNCS; at++) {
    const startedAt = performance.now()
    writeSync(file, Buffer.alloc(PAGE_BYTES, at))
    fsyncSync(file)
    took.push(performance.now() - startedAt)
  }
  closeSync(file)
  return spread(took).median
}
