/*
 * After `npm install`: npm 10 and 11.0–11.4 install the pinned Node but do not link node_modules/.bin/node when the packages of
 * several platforms are listed; the machine's own Node would then run everything, in silence. Runs under that older Node: plain JavaScript.
 * Then that Node puts the program together in one piece; where that fails, it starts from its sources.
 */
import { spawnSync } from 'child_process'
import { existsSync, lstatSync, mkdirSync, symlinkSync, unlinkSync } from 'fs'
import { join, resolve } from 'path'

const modules = resolve('node_modules')
const name = `node-${process.platform}-${process.arch}`
const link = join(modules, '.bin', 'node')

if (process.platform !== 'win32' && existsSync(join(modules, name, 'bin', 'node')) && !existsSync(link)) {
  mkdirSync(join(modules, '.bin'), { recursive: true })
  removeDangling(link)
  symlinkSync(join('..', name, 'bin', 'node'), link)
}

const together = resolve('cli', 'bin', 'put-together.js')
if (existsSync(together)) spawnSync(existsSync(link) ? link : process.execPath, [together], { stdio: 'inherit' })

function removeDangling(path) {
  if (lstatSync(path, { throwIfNoEntry: false })) unlinkSync(path)
}
