import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'

const SERVER = 'http://localhost:8000'
const PUBLIC = join(import.meta.dirname, 'public')
const WORKER = 'sw.js'

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), tailwindcss(), shellList()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2022',
    // The browsers that know light-dark() and oklch(): nothing is rewritten for older ones.
    cssTarget: ['chrome123', 'firefox121', 'safari17.5'],
    // The page's policy allows no inline script and no data: address.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    rolldownOptions: {
      input: { main: 'index.html', worker: 'src/shell-worker.ts' },
      // A worker's address is the same in every build, and its scope is what lies below it.
      output: { entryFileNames: ({ name }) => (name === 'worker' ? WORKER : 'assets/[name]-[hash].js') },
    },
  },
  server: {
    proxy: {
      '/api': { target: SERVER, ws: true },
      '/health': SERVER,
    },
  },
})

/** Tells the worker what the shell is made of: all that was built, and all that stands beside it. */
function shellList(): Plugin {
  return {
    name: 'belfry-shell-list',
    apply: 'build',
    generateBundle: {
      order: 'post',
      handler(_, bundle) {
        const worker = bundle[WORKER]
        if (worker?.type !== 'chunk') throw new Error(`There is no ${WORKER} in this build.`)
        const built = Object.values(bundle).filter((file) => file !== worker)
        const beside = readdirSync(PUBLIC)
        const version = createHash('sha256').update(JSON.stringify(beside.map((name) => readFileSync(join(PUBLIC, name), 'base64'))))
        for (const file of built) version.update(file.fileName).update(file.type === 'chunk' ? file.code : file.source)
        const files = [...built.map(({ fileName }) => fileName), ...beside].map((name) => (name === 'index.html' ? '/' : `/${name}`))
        const shell = { version: version.digest('hex').slice(0, 16), files: files.toSorted() }
        worker.code = `const SHELL=${JSON.stringify(shell)};${worker.code}`
      },
    },
  }
}
