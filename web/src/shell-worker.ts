/**
 * Runs beside the pages and brings the shell (the page itself, its scripts, styles, fonts and pictures) where the network does not.
 * It keeps nothing of anybody: what the server says of people never passes through here.
 */

/** Put in by the build: what the shell is made of, and a name that is another one with every other build. */
declare const SHELL: { version: string; files: readonly string[] }

/** What is needed of its surroundings: TypeScript cannot have the types of a page and of a worker at once. */
interface Worker {
  skipWaiting(): Promise<void>
  clients: { claim(): Promise<void> }
  addEventListener(type: 'install' | 'activate', listener: (event: { waitUntil(work: Promise<unknown>): void }) => void): void
  addEventListener(type: 'fetch', listener: (event: { request: Request; respondWith(answer: Promise<Response>): void }) => void): void
}

const PAGE = '/'
const CACHES = 'belfry-shell:'
const CACHE = CACHES + SHELL.version
/** So long a page waits for the network. A newer build is taken at once, and a dead network soon given up. */
const NETWORK_WITHIN_MS = 3_000
/** Besides the newest: pages that are open were made of it, and may need the rest of it. */
const OLDER_KEPT = 1

const worker = globalThis as unknown as Worker

worker.addEventListener('install', (event) => event.waitUntil(install()))
worker.addEventListener('activate', (event) => event.waitUntil(activate()))
worker.addEventListener('fetch', (event) => {
  const answer = answerTo(event.request)
  if (answer) event.respondWith(answer)
})

/** All of it or nothing: what is not whole is fetched again with the next visit. */
async function install(): Promise<void> {
  const cache = await caches.open(CACHE)
  try {
    await cache.addAll(SHELL.files.map((path) => new Request(path, { cache: isAsset(path) ? 'default' : 'no-cache' })))
  } catch (error) {
    await caches.delete(CACHE)
    throw error
  }
  await worker.skipWaiting()
}

async function activate(): Promise<void> {
  const older = (await caches.keys()).filter((name) => name.startsWith(CACHES) && name !== CACHE)
  await Promise.all(older.slice(0, -OLDER_KEPT).map((name) => caches.delete(name)))
  await worker.clients.claim()
}

/** Null: the browser does as without this worker. */
function answerTo(request: Request): Promise<Response> | null {
  const { origin, pathname } = new URL(request.url)
  if (request.method !== 'GET' || origin !== location.origin) return null
  if (request.mode === 'navigate') return isPage(pathname) ? openPage(request) : null
  return isAsset(pathname) || SHELL.files.includes(pathname) ? fetchPart(request) : null
}

/** As the server has it: a name with a dot asks for a file. */
function isPage(pathname: string): boolean {
  return !/^\/(?:api|assets|health|metrics)(?:\/|$)/.test(pathname) && !/\.[^/]*$/.test(pathname)
}

function isAsset(pathname: string): boolean {
  return pathname.startsWith('/assets/')
}

async function openPage(request: Request): Promise<Response> {
  const shell = await (await caches.open(CACHE)).match(PAGE)
  if (!shell) return fetch(request)
  // A proxy whose server is away has an answer of its own.
  const online = fetch(request).then(
    (response) => (response.status < 500 ? response : shell),
    () => shell,
  )
  return Promise.race([online, new Promise<Response>((resolve) => setTimeout(() => resolve(shell), NETWORK_WITHIN_MS))])
}

/** Whichever build it belongs to: a name says all of what is in it. */
async function fetchPart(request: Request): Promise<Response> {
  const kept = (await (await caches.open(CACHE)).match(request, ANY)) ?? (await caches.match(request, ANY))
  return kept ?? fetch(request)
}

/** Kept unpacked, whatever was asked for when it came. */
const ANY = { ignoreVary: true }
