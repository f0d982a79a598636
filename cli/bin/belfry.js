#!/usr/bin/env node
// Any Node from 14 on must be able to read this file; what it starts needs the Node that the repository pins.
import { spawn } from 'child_process'
import { existsSync } from 'fs'
import * as nodeModule from 'module'
import { constants } from 'os'
import { dirname, join } from 'path'
import { fileURLToPath } from 'url'

const NEEDED = [24, 21]
const modules = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'node_modules')

if (isNewEnough()) {
  const compiled = join(modules, '.cache', 'compiled')
  nodeModule.enableCompileCache(compiled)
  process.env.NODE_COMPILE_CACHE = compiled // The writer thread learns of the cache by this alone.
  await import('#start.ts')
} else {
  runPinned()
}

function isNewEnough() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  return major > NEEDED[0] || (major === NEEDED[0] && minor >= NEEDED[1])
}

function runPinned() {
  const node = pinnedNode()
  if (!existsSync(node)) return tooOld()
  const child = spawn(node, process.argv.slice(1), { stdio: 'inherit' })
  forwardSignals(child)
  child.on('error', tooOld)
  child.on('exit', endLike)
}

function pinnedNode() {
  const isWindows = process.platform === 'win32'
  return join(modules, `node-${isWindows ? 'win' : process.platform}-${process.arch}`, 'bin', isWindows ? 'node.exe' : 'node')
}

function tooOld() {
  console.error(
    `Belfry needs Node ${NEEDED.join('.')} or newer; this is ${process.version}. "npm ci" brings the right one on Linux and Windows.`,
  )
  process.exitCode = 1
}

/** Ctrl+C in a terminal reaches the child by itself: passing it on would deliver it twice. */
function forwardSignals(child) {
  process.on('SIGTERM', () => child.kill('SIGTERM'))
  for (const signal of ['SIGINT', 'SIGHUP']) {
    process.on(signal, () => {
      if (!process.stdin.isTTY) child.kill(signal)
    })
  }
}

function endLike(code, signal) {
  process.exitCode = signal ? 128 + constants.signals[signal] : code
}
