import type { Browser } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { runBelfry } from '#bench/src/programs/belfry-server.ts'
import { type Cluster, startCluster } from '#bench/src/programs/cluster.ts'
import { chromium, nginx, openssl, postgres, redis } from '#test/binaries.ts'
import { launchBrowser } from '#test/journeys/browser.ts'
import { Network } from '#test/journeys/network.ts'
import { Person } from '#test/journeys/person.ts'
import { PATIENCE, type Screen } from '#test/journeys/screen.ts'
import { PASSWORD } from '#test/journeys/stored.ts'

describe.skipIf([chromium, nginx, openssl, postgres, redis].some(({ missing }) => missing))('two nodes behind nginx', () => {
  test('[F3] [W8] whichever is killed while somebody writes, everything is there, once and in order, and nobody is told of a mistake', async () => {
    // The shell's worker too is to come from an address whose certificate nobody has signed.
    await using browser = await launchBrowser('--ignore-certificate-errors')
    // By which of its addresses people come, nginx says.
    await using cluster = await startCluster(2, { WEB: 'on', BASE_URL: '' })
    await using alice = await comes(browser, cluster, 'alice')
    await using bob = await comes(browser, cluster, 'bob')
    const screens = [await alice.opens('/rooms/general'), await bob.opens('/rooms/general')] as const
    const [hers, his] = screens
    await hers.posts('Hello')
    await his.posts('Hi, alice')
    const said = ['Hello', 'Hi, alice']

    for (const [at, node] of cluster.nodes.entries()) {
      await hers.box.fill(`Half a sentence ${at}`)
      await node.kill()
      await hers.box.press('Enter')
      await hers.writes(`And another ${at}`)
      await his.sees(`And another ${at}`)
      await his.posts(`I read it ${at}`)
      said.push(`Half a sentence ${at}`, `And another ${at}`, `I read it ${at}`)
      for (const screen of screens) await screen.seesExactly(...said)
      await node.start()
    }

    for (const [at, node] of cluster.nodes.entries()) {
      await hers.writes(`Before the update ${at}`)
      await node.kill('SIGTERM')
      await hers.posts(`During the update ${at}`)
      said.push(`Before the update ${at}`, `During the update ${at}`)
      await node.start()
    }
    for (const screen of screens) await screen.seesExactly(...said)
    await reloads(his, said)
    expect([...alice.complaints, ...bob.complaints]).toEqual([])
  })
})

async function comes(browser: Browser, { settings, nginx: { port } }: Cluster, username: string): Promise<Person> {
  await runBelfry(settings, ['user', 'create', username, '--password-stdin'], PASSWORD)
  const network = await Network.open({ port: () => port, scheme: 'https' })
  const context = await browser.newContext({ locale: 'en-GB', reducedMotion: 'reduce', ignoreHTTPSErrors: true })
  context.setDefaultTimeout(PATIENCE.timeout)
  const person = new Person(username, { context, network })
  await person.signsIn()
  return person
}

async function reloads(screen: Screen, said: string[]): Promise<void> {
  await screen.page.reload()
  await screen.seesExactly(...said)
}
