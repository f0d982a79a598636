import type { Config } from '@belfry/server/config.ts'
import { bad, type Finding, good, odd } from './finding.ts'

const WHAT = 'settings'

/** What the settings say together; each by itself was read already. */
export function lookAtSettings({ host, baseUrl, trustedProxies, databaseUrl, redisUrl }: Config): Finding[] {
  const findings: Finding[] = []
  if (redisUrl !== null && databaseUrl === null)
    findings.push(bad(WHAT, 'REDIS_URL is set, and DATABASE_URL is not: several nodes need PostgreSQL. Set it, or leave REDIS_URL out.'))
  if (databaseUrl !== null && redisUrl === null)
    findings.push(
      odd(WHAT, 'DATABASE_URL is set, and REDIS_URL is not: right for one node. Of several, each would hear of the others 5 s late.'),
    )
  if (baseUrl === null && !isLoopback(host))
    findings.push(
      odd(WHAT, `HOST is ${host} and there is no BASE_URL: people reach this server without encryption. Put a proxy with https in front.`),
    )
  if (baseUrl?.protocol === 'http:' && !isLoopback(baseUrl.hostname))
    findings.push(odd(WHAT, 'BASE_URL is http: passwords and sessions can be read on the way. Put a proxy with https in front.'))
  if (baseUrl?.protocol === 'https:' && trustedProxies.length === 0)
    findings.push(
      bad(WHAT, 'BASE_URL is https, and TRUSTED_PROXIES is empty: limits count everybody behind the proxy as one. Name its address.'),
    )
  return findings.length > 0 ? findings : [good(WHAT, 'They fit together.')]
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host === '[::1]' || host.startsWith('127.')
}
