import { randomBytes } from 'node:crypto'
import { runBelfry, type Settings } from '#programs/belfry-server.ts'
import { certificateOf } from '#programs/certificate.ts'
import { startCluster } from '#programs/cluster.ts'
import { forCluster, requirePrograms } from '#programs/find-program.ts'
import { readOrExplain } from './command-line.ts'

/** `npm run cluster`: two nodes as docs/cluster.md describes them, to try them out. Nothing of it is kept. */

const USAGE = `npm run cluster
  starts two nodes with PostgreSQL, Redis and nginx around them, in throw-away folders and on free ports, and says where
  they are and how to sign in; Ctrl+C ends all of it. It takes no arguments`

readOrExplain(nothingElse, USAGE)
requirePrograms('A cluster', forCluster())

process.prependOnceListener('SIGINT', () => process.exit(0))

const { url, nodes, nginx, postgres, redis, settings } = await startCluster(2, { WEB: process.env.WEB ?? 'on' })
const password = randomBytes(9).toString('base64url')
await runBelfry(settings, ['user', 'create', 'alice', '--admin', '--password-stdin'], password)

console.log(`Belfry is at ${url}, behind an nginx whose certificate nobody has signed.
Sign in as alice, with the password ${password}

${nodes.map((node, at) => `  node ${at + 1}      ${node.url}, process ${node.pid}`).join('\n')}
  PostgreSQL  ${postgres.url}, process ${postgres.pid}
  Redis       ${redis.url}, process ${redis.pid}

Every command needs their settings, and the certificate to ask that nginx. In another terminal:

${inShell({ NODE_EXTRA_CA_CERTS: certificateOf(nginx), ...settings })}
npx belfry doctor

Kill one of them, and see what goes on. Ctrl+C ends them all.`)

function nothingElse(): void {
  const args = process.argv.slice(2)
  if (args.length > 0) throw new Error(`${args.join(' ')}: no arguments are taken.`)
}

function inShell(settings: Settings): string {
  return Object.entries(settings)
    .map(([name, value]) => `export ${name}='${value}'`)
    .join('\n')
}
