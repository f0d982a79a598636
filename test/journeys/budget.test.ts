import { gzipSync } from 'node:zlib'
import { describe, expect } from 'vitest'
import { neverAfter } from './browser.ts'
import { journey } from './journey.ts'

const SCRIPTS_MAX_BYTES = 180_000

describe('budget', () => {
  journey('all JavaScript that the room loads before it is shown is within 180 kB, compressed', async ({ world }) => {
    const alice = await world.person('alice')
    const scripts: Promise<{ path: string; bytes: number; sent: number }>[] = []
    const page = await alice.context.newPage()
    // What follows once the room is there is none of it, however late one looks.
    await page.addInitScript(neverAfter, 1_500)
    page.on('response', (response) => {
      if (response.request().resourceType() !== 'script') return
      const sent = response
        .request()
        .sizes()
        .then((sizes) => sizes.responseBodySize)
      const bytes = response.body().then((body) => gzipSync(body).length)
      scripts.push(Promise.all([sent, bytes]).then(([sent, bytes]) => ({ path: new URL(response.url()).pathname, sent, bytes })))
    })
    await page.goto(`${alice.network.url}/chat`)
    await page.getByRole('heading', { name: 'This is General' }).waitFor()

    const loaded = await Promise.all(scripts)
    expect(loaded.length).toBeGreaterThan(0)
    expect(loaded.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThanOrEqual(SCRIPTS_MAX_BYTES)
    // What goes over the wire is compressed already.
    for (const { sent, bytes, path } of loaded) expect({ path, isCompressed: sent <= bytes * 1.05 }).toEqual({ path, isCompressed: true })
  })

  journey('no page asks another host for anything, or breaks the Content-Security-Policy', async ({ world }) => {
    const alice = await world.person('alice')
    const asked = new Set<string>()
    alice.context.on('request', (request) => asked.add(new URL(request.url()).origin))
    const room = await alice.opens('/chat')
    await room.writes('https://elsewhere.example/picture.png')
    await room.sees('elsewhere.example')
    await room.opensInbox()
    await room.seesAllRead()
    await alice.opens('/inbox').then((inbox) => inbox.seesAllRead())
    expect([...asked]).toEqual([alice.network.url])
  })
})
