import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { certificateOf, keyOf, makeCertificate } from './certificate.ts'
import { findProgram } from './find-program.ts'
import { LocalProgram, makePlace, type Place } from './local-program.ts'
import { freePort } from './program.ts'

const SHIPPED = fileURLToPath(new URL('../../../deploy/nginx.conf', import.meta.url))

interface NginxOptions {
  /** The ports before which it stands. */
  upstreams: number[]
  /** How long a node may be silent; left out: as it is shipped. */
  silentS?: number
}

/** An nginx with the settings that are shipped and a certificate that nobody else has signed. */
export async function startNginx({ upstreams, silentS = 30 }: NginxOptions): Promise<LocalProgram> {
  const path = findProgram('nginx')
  if (path === null) throw new Error('nginx is not installed.')
  const place = await makePlace('nginx')
  const { folder, port } = place
  await makeCertificate(place)
  const site = adapted(readFileSync(SHIPPED, 'utf8'), { ...place, upstreams, silentS, plainPort: await freePort() })
  writeFileSync(join(folder, 'nginx.conf'), around(site, folder))
  return LocalProgram.start({
    ...place,
    url: `https://localhost:${port}`,
    command: [path, '-p', folder, '-e', join(folder, 'error.log'), '-c', join(folder, 'nginx.conf')],
    endBy: 'SIGTERM',
    cutBy: 'SIGTERM',
  })
}

/** What is shipped, with the lines that are anybody's own replaced. */
function adapted(shipped: string, own: Place & Required<NginxOptions> & { plainPort: number }): string {
  const { folder, port, plainPort, upstreams, silentS } = own
  const servers = upstreams.map((upstream) => `server 127.0.0.1:${upstream}$1;`)
  const replacements: [RegExp, string][] = [
    [/server 127\S+( [^;]*);[^\n]*\n\s*server 127[^\n]*/g, servers.join('\n')],
    [/proxy_read_timeout 30s;/, `proxy_read_timeout ${silentS}s;`],
    [/listen 80;/, `listen 127.0.0.1:${plainPort};`],
    [/listen 443 ssl http2;/, `listen 127.0.0.1:${port} ssl http2;`],
    [/listen \[::\].*;/g, ''],
    [/server_name .*;/g, 'server_name localhost;'],
    [/ssl_certificate .*;/, `ssl_certificate ${certificateOf({ folder })};`],
    [/ssl_certificate_key .*;/, `ssl_certificate_key ${keyOf({ folder })};`],
    [/proxy_cache_path \S+/, `proxy_cache_path ${join(folder, 'cache')}`],
  ]
  return replacements.reduce((text, [from, to]) => {
    if (text.search(from) === -1) throw new Error(`deploy/nginx.conf has no ${String(from)} any more.`)
    return text.replace(from, to)
  }, shipped)
}

/** What Debian has around it. */
function around(site: string, folder: string): string {
  const kept = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${join(folder, name)};`)
  return [
    'daemon off;',
    `pid ${join(folder, 'pid')};`,
    'worker_processes 2;',
    'events { worker_connections 768; }',
    `http { access_log off; ${kept.join(' ')}`,
    `${site}}`,
    '',
  ].join('\n')
}
