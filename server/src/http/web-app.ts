import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyRequest } from 'fastify'

const A_YEAR = 'public, max-age=31536000, immutable'

/** Serves the built app. The build has put `.br` and `.gz` beside what compresses, and a hash in the names of the assets. */
export async function serveWebApp(app: FastifyInstance, folder: string): Promise<void> {
  const assets = join(folder, 'assets', '/')
  // Its own route: without an encoding that is known, the files' handler takes "/" for a folder and refuses it.
  app.get('/', (_, reply) => reply.sendFile('index.html'))
  await app.register(fastifyStatic, {
    root: folder,
    index: false,
    dotfiles: 'ignore',
    preCompressed: true,
    cacheControl: false,
    setHeaders: (reply, path) =>
      void reply.headers({ 'cache-control': path.startsWith(assets) ? A_YEAR : 'no-cache', 'vary': 'accept-encoding' }),
  })
}

/** Whether this asks for an address of the app itself: what is there is decided by the app. A name with a dot asks for a file. */
export function isPage({ method, url, headers }: FastifyRequest): boolean {
  if (method !== 'GET' && method !== 'HEAD') return false
  if (/^\/(?:api|assets|health|metrics)(?:[/?]|$)/.test(url) || /\.[^/]*$/.test(url.split('?', 1)[0]!)) return false
  return /text\/html|\*\/\*/.test(headers.accept ?? '*/*')
}
