import { type Config, readConfig } from '@belfry/server/config.ts'
import { CannotStart } from '@belfry/server/lib/cannot-start.ts'
import { onData } from './data.ts'
import { lookAtBus } from './doctor/bus.ts'
import { lookAtDatabase, lookBeforeOpening } from './doctor/database.ts'
import { bad, type Finding, reasonOf, unknown } from './doctor/finding.ts'
import { lookAtLines } from './doctor/live.ts'
import { lookAtAddress, publicAddress } from './doctor/public-address.ts'
import { lookAtSettings } from './doctor/settings.ts'
import { print, printable, type Printing } from './print.ts'

/** Looks at a server from beside it and from outside, and says what is wrong and what to do. Ends with 1 when something is. */
export async function examine(options: Printing): Promise<void> {
  const findings = await findAll()
  if (findings.some(({ is }) => is === 'bad')) process.exitCode = 1
  print(options, { document: { findings }, text: inWords(findings) })
}

async function findAll(): Promise<Finding[]> {
  try {
    const config = readConfig(process.env)
    return withUnseen([...lookAtSettings(config), ...(await lookAtBuses(config)), ...(await lookInside(config))], config)
  } catch (error) {
    if (error instanceof CannotStart) return withUnseen([bad('settings', error.message)], null)
    throw error
  }
}

/** With what would have been looked at, had nothing before it been in the way. */
function withUnseen(findings: Finding[], config: Config | null): Finding[] {
  const seen = new Set(findings.map(({ what }) => what))
  const ofDatabase = config === null ? [] : [config.databaseUrl === null ? 'disk' : 'clock']
  const unseen = ['database', ...ofDatabase, 'proxy', 'sockets', 'streams', 'telling'].filter((what) => !seen.has(what))
  return [...findings, ...unseen.map((what) => unknown(what, 'Not looked at: what stands above comes first.'))]
}

async function lookAtBuses({ redisUrl }: Config): Promise<Finding[]> {
  return redisUrl === null ? [] : [await lookAtBus(redisUrl)]
}

/** The database, then the server by its public address: what is told there is to be what stands here. */
async function lookInside(config: Config): Promise<Finding[]> {
  const address = publicAddress(config)
  try {
    const unopened = await lookBeforeOpening(config)
    if (unopened !== null) return [unopened, ...(await lookAtAddress(address, null))]
    return await onData(async (store) => {
      const outside = await lookAtAddress(address, store.epoch)
      const isThere = outside[0]!.is === 'good'
      return [...(await lookAtDatabase(store, config)), ...outside, ...(isThere ? await lookAtLines(store, address, config) : [])]
    })
  } catch (error) {
    return [bad('database', reasonOf(error)), ...(await lookAtAddress(address, null))]
  }
}

const MARKS: Record<Finding['is'], string> = { good: '✓', odd: '!', bad: '✗', unknown: '–' }

function inWords(findings: Finding[]): string {
  const width = Math.max(...findings.map(({ what }) => what.length))
  const lines = findings.map(({ is, what, says }) => `${MARKS[is]} ${what.padEnd(width)}  ${printable(says)}`)
  return [...lines, '', verdictOn(findings)].join('\n')
}

function verdictOn(findings: Finding[]): string {
  const wrong = findings.filter(({ is }) => is === 'bad').length
  if (wrong > 1) return `${wrong} things are wrong.`
  if (wrong === 1) return 'One thing is wrong.'
  const isAllSeen = findings.every(({ is }) => is !== 'unknown')
  return isAllSeen ? 'Nothing is wrong.' : 'Nothing is wrong of what could be looked at.'
}
