/* `npm run dev`: the server, started again at every change, and Vite in front of it. Ctrl+C ends both; when one ends, so does the other. */
import { spawn } from 'node:child_process'

const VITE_PORT = 5173

let isStopping = false

// Watched are the files that were loaded: they must be the sources.
process.env.BELFRY_FROM_SOURCES = 'yes'

const children = [
  start('server', [process.execPath, '--watch', '--watch-preserve-output', 'cli/bin/belfry.js', 'serve'], '.'),
  start('vite', [process.execPath, '../node_modules/vite/bin/vite.js', '--port', String(VITE_PORT), '--strictPort'], 'web'),
]

console.log(`The page with hot reload: http://localhost:${VITE_PORT}`)
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => stopAll())

function start(name, [command, ...args], cwd) {
  const child = spawn(command, args, { cwd, stdio: ['ignore', 'inherit', 'inherit'] })
  child.on('exit', (code) => {
    if (isStopping) return
    console.error(`${name} has ended.`)
    process.exitCode = code ?? 1
    stopAll()
  })
  return child
}

function stopAll() {
  isStopping = true
  for (const child of children) if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM')
}
