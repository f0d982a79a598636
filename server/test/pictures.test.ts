import { createHash } from 'node:crypto'
import { PICTURE_MAX_BYTES } from '@belfry/protocol/limits.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { imageHeader } from '#lib/image-header.ts'
import { openWorld, type Person, type World } from './http-world.ts'
import { jpeg, png, webp } from './images.ts'
import { settles } from './settle.ts'
import { World as InnerWorld } from './world.ts'

let world: World
let alice: Person
let bob: Person
beforeAll(async () => {
  world = await openWorld()
  alice = await world.person('alice')
  bob = await world.person('bob')
})
afterAll(() => world[Symbol.asyncDispose]())

describe.each([
  ['image/png', png()],
  ['image/jpeg', jpeg()],
  ['image/webp', webp('VP8 ')],
  ['image/webp', webp('VP8L')],
  ['image/webp', webp('VP8X')],
])('a picture of the type %s', (type, bytes) => {
  test('is named by its content, and others get it byte by byte', async () => {
    const name = createHash('sha256').update(bytes).digest('hex').slice(0, 16)
    const set = await sets(bytes)
    expect(set).toMatchObject({ status: 200, body: { id: alice.user.id, picture: name } })
    const answer = await fetchPicture(bob, name)
    expect(answer.status).toBe(200)
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(bytes)
    expect(answer.headers.get('content-type')).toBe(type)
    expect(answer.headers.get('cache-control')).toBe('private, max-age=31536000, immutable')
  })
})

test('whatever else the file is, a browser is told that it is a picture and nothing more', async () => {
  const polyglots = [
    Buffer.concat([png(), Buffer.from('<html><script>alert(document.cookie)</script></html>')]),
    Buffer.concat([jpeg(), Buffer.from('*/=alert(1)//')]),
    Buffer.concat([webp('VP8X'), Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>')]),
  ]
  for (const bytes of polyglots) {
    const { body } = await sets(bytes)
    const { headers } = await fetchPicture(bob, body.picture)
    expect(headers.get('content-type')).toMatch(/^image\/(?:png|jpeg|webp)$/)
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('content-security-policy')).toBe("default-src 'none'; sandbox")
    expect(headers.get('cross-origin-resource-policy')).toBe('same-origin')
  }
})

test.each([
  ['HTML', Buffer.from('<!doctype html><script>alert(1)</script>')],
  ['SVG', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>')],
  ['a GIF', Buffer.from('GIF89a\u0008\0\u0008\0', 'latin1')],
  ['nothing', Buffer.alloc(0)],
  ['a PNG’s signature alone', png().subarray(0, 8)],
  ['a PNG that breaks off before its size', png().subarray(0, 18)],
  ['a PNG whose first chunk is another', Buffer.concat([png().subarray(0, 12), Buffer.from('IDAT'), png().subarray(16)])],
  ['a JPEG that breaks off before its size', jpeg().subarray(0, 24)],
  ['a JPEG whose segments lead nowhere', Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0xff, 0xff]), Buffer.alloc(100)])],
  ['a RIFF that is a sound', Buffer.from('RIFF\u0010\0\0\0WAVEfmt ', 'latin1')],
  ['a WebP that breaks off before its size', webp('VP8L').subarray(0, 22)],
  ['a WebP of an unknown kind', Buffer.from('RIFF\u0010\0\0\0WEBPALPH\u0004\0\0\0\0\0\0\0', 'latin1')],
])('%s is no picture', async (_, bytes) => {
  expect((await sets(bytes)).body).toMatchObject({ status: 400, code: 'malformed', detail: expect.stringContaining('PNG, JPEG or WebP') })
})

test('what is no base64 is named', async () => {
  expect((await alice.patch('/me/picture', { picture: '<svg>' })).body).toMatchObject({ status: 400, errors: [{ at: 'picture' }] })
})

test('[P4] up to 64 KiB and 1024 pixels a side: beyond that it is too large', async () => {
  const sized = (bytes: number) => Buffer.concat([png(), Buffer.alloc(bytes - png().length)])
  expect((await sets(sized(PICTURE_MAX_BYTES))).status).toBe(200)
  expect((await sets(sized(PICTURE_MAX_BYTES + 1))).body).toMatchObject({
    status: 413,
    code: 'too-large',
    detail: expect.stringContaining('64 KiB'),
  })
  expect((await sets(sized(150_000))).body).toMatchObject({ status: 413, code: 'too-large' })
  for (const make of [png, jpeg, (w: number, h: number) => webp('VP8X', w, h), (w: number, h: number) => webp('VP8L', w, h)]) {
    expect((await sets(make(1024, 1024))).status).toBe(200)
    for (const [width, height] of [
      [1025, 8],
      [8, 1025],
    ] as const)
      expect((await sets(make(width, height))).body).toMatchObject({ status: 413, detail: expect.stringContaining(`${width} × ${height}`) })
  }
})

test('one replaces the other, and null takes it away', async () => {
  const first = (await sets(png(8, 8))).body.picture
  const second = (await sets(png(9, 9))).body.picture
  expect(second).not.toBe(first)
  expect((await fetchPicture(bob, first)).status).toBe(404)
  expect((await alice.patch('/me/picture', { picture: null })).body).toMatchObject({ picture: null })
  expect((await fetchPicture(bob, second)).status).toBe(404)
  expect(await world.store.read((db) => db.selectFrom('pictures').selectAll().execute())).toEqual([])
})

test('[A3] only who is signed in sees it; for others there is nothing, and that is not kept', async () => {
  const name = (await sets(png())).body.picture
  for (const client of [world.stranger(), await world.program('notify')]) {
    const answer = await client.get(`/users/${alice.user.id}/pictures/${name}`)
    expect(answer.body).toMatchObject({ status: 404, code: 'not-found' })
    expect(answer.headers.get('cache-control')).toBe('no-store')
  }
  expect((await bob.get(`/users/${bob.user.id}/pictures/${name}`)).status).toBe(404)
  expect((await bob.get(`/users/${alice.user.id}/pictures/..%2f${name}`)).status).toBe(404)
  expect((await bob.send('POST', `/users/${alice.user.id}/pictures/${name}`, {})).headers.get('allow')).toBe('GET, HEAD')
})

test('the same picture again changes nothing and spends no seq; another is told to who follows the workspace', async () => {
  await using inside = await InnerWorld.open()
  const [carol, aman] = await inside.people('carol', 'aman')
  const node = inside.opensNode()
  const [hers, his] = [await carol.opens(node), await aman.opens(node, [['workspace']])]
  const picture = png().toString('base64')
  const { result } = await hers.calls('me.set-picture', { picture })
  const seq = await inside.seqOf('workspace')
  expect((await hers.calls('me.set-picture', { picture })).result).toEqual(result)
  expect(await inside.seqOf('workspace')).toBe(seq)
  await settles()
  expect(his.rows('workspace', 'user').find(({ id }) => id === carol.id)).toEqual(result)
})

test('what an image says of its size is read in all three kinds', () => {
  for (const make of [png, jpeg, ...(['VP8 ', 'VP8L', 'VP8X'] as const).map((kind) => (w: number, h: number) => webp(kind, w, h))])
    expect(imageHeader(make(640, 480))).toMatchObject({ width: 640, height: 480 })
})

const FRAME = [0xff, 0xc0, 0, 11, 8, 0x01, 0xe0, 0x02, 0x80, 1, 1, 0x11, 0]

test.each([
  ['fill bytes before a marker', [0xff, 0xff, 0xff, 0xe0, 0, 2, 0xff, ...FRAME], { width: 640, height: 480 }],
  ['a segment that does not begin with 0xff', [0xff, 0xe0, 0, 2, 0xfe, 0xe1, 0, 2, ...FRAME], null],
  ['a length that does not count itself', [0xff, 0xc0, 0, 1, ...FRAME.slice(4)], null],
  ['a second start', [0xff, 0xd8, 0, 2, ...FRAME], null],
  ['an end before the frame', [0xff, 0xd9, 0, 2, ...FRAME], null],
  ['a marker of the image’s data, which has no length', [0xff, 0xd0, 0, 2, ...FRAME], null],
  ['a marker for private use, which has no length', [0xff, 0x01, 0, 2, ...FRAME], null],
  ['no marker but a zero', [0xff, 0x00, 0, 2, ...FRAME], null],
  ['fill bytes and nothing more', [0xff, 0xff, 0xff], null],
])('a JPEG with %s', (_, bytes, size) => {
  const header = imageHeader(Buffer.from([0xff, 0xd8, ...bytes]))
  expect(header && { width: header.width, height: header.height }).toEqual(size)
})

function sets(bytes: Buffer) {
  return alice.patch('/me/picture', { picture: bytes.toString('base64') })
}

function fetchPicture(person: Person, name: string): Promise<Response> {
  return fetch(`${world.url}/api/v1/users/${alice.user.id}/pictures/${name}`, { headers: { authorization: `Bearer ${person.token}` } })
}
