import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { describe, expect, test } from 'vitest'
import { breaks, breaksWithin, loses, repeats, shuffles } from '#checker/faults/deals.ts'
import { type Direction, Link } from '#checker/faults/link.ts'
import { afterAnswer, afterCommit, beforeCommit, duringCommit, inBatch, springs } from '#checker/faults/moments.ts'
import { postgres } from '#checker/faults/postgres.ts'
import { plain, type Protocol } from '#checker/faults/protocol.ts'
import { redis } from '#checker/faults/redis.ts'
import { websocket } from '#checker/faults/websocket.ts'
import { Dice } from '#dice.ts'

/** More than any buffer on the way takes. */
const MUCH = 32 * 1024 * 1024

describe('a link', () => {
  test('passes everything both ways, also when one end has said all it has to say', async () => {
    await using line = await Line.through(plain)
    line.near.end('asks')
    expect(String(await buffer(line.far))).toBe('asks')
    line.far.end('answers')
    expect(String(await buffer(line.near))).toBe('answers')
  })

  test('leads on from within the process too: what has passed is read, and whoever is gone is gone at both ends', async () => {
    await using line = await Line.through(plain)
    const connects = async () => {
      const near = line.link.connect()
      near.write('asks')
      const [far] = (await once(line.server, 'connection')) as [Socket]
      expect(String((await once(far, 'data'))[0])).toBe('asks')
      return { near, far }
    }
    const ended = await connects()
    ended.far.end('answers')
    expect(String(await buffer(ended.near))).toBe('answers')
    await isClosed(ended.near)
    const left = await connects()
    left.near.destroy()
    left.far.on('error', () => {})
    await expect.poll(() => (left.far.write('in vain'), left.far.errored)).not.toBe(null)
    const cut = await connects()
    line.link.cut()
    await Promise.all([isClosed(cut.near), isOver(cut.far)])
    await isClosed(line.link.connect())
  })

  test('takes no more than the reader does', async () => {
    await using line = await Line.through(plain)
    line.far.pause()
    line.near.end(Buffer.alloc(MUCH))
    await expect.poll(() => line.near.writableLength).toBeGreaterThan(0)
    expect(line.near.bytesWritten - line.near.writableLength).toBeLessThan(MUCH / 2)
    expect((await buffer(line.far)).length).toBe(MUCH)
  })

  test('is slow, and keeps the order', async () => {
    await using line = await Line.through(plain)
    line.link.delay(50)
    const begun = performance.now()
    for (const word of ['one ', 'two ', 'three']) line.near.write(word)
    line.near.end()
    expect(String(await buffer(line.far))).toBe('one two three')
    expect(performance.now() - begun).toBeGreaterThan(45)
  })

  test('holds what comes until it passes again', async () => {
    await using line = await Line.through(plain)
    line.link.hold()
    line.near.write('held')
    await using late = Line.at(line.link.port)
    late.near.write('late')
    await timePasses()
    expect(line.heard.far).toBe('')
    line.link.restore()
    await expect.poll(() => line.heard.far).toBe('held')
  })

  test('breaks connections, and each new one, until it passes again', async () => {
    await using line = await Line.through(plain)
    line.link.cut()
    await Promise.all([line.over.near, line.over.far])
    await using refused = Line.at(line.link.port)
    await refused.over.near
    line.link.restore()
    await using again = Line.at(line.link.port)
    again.near.write('again')
    const [far] = await once(line.server, 'connection')
    expect(String((await once(far as Socket, 'data'))[0])).toBe('again')
  })

  test('swallows one way, and ends a connection that has lost something', async () => {
    await using line = await Line.through(plain)
    line.link.swallow('up')
    line.near.write('lost')
    line.far.write('heard')
    await expect.poll(() => line.heard.near).toBe('heard')
    await timePasses()
    expect(line.heard.far).toBe('')
    line.link.restore()
    await line.over.near
  })

  test('breaks anywhere: what came before has arrived', async () => {
    await using line = await Line.through(plain)
    line.link.deal(breaksWithin(new Dice(1), 100))
    line.near.write(Buffer.alloc(100, 'x'))
    const arrived = await buffer(line.far)
    expect(arrived.length).toBeLessThan(100)
    await line.over.near
  })
})

const FRAMES = [frame('{"t":"change"}'), frame('y'.repeat(300)), frame('z'.repeat(70_000))]
const PUBLISHED = '*3\r\n$7\r\nmessage\r\n$8\r\nbelfry:1\r\n$4\r\n\r\n{}\r\n'
const PUSHED = PUBLISHED.replace('*', '>')
const ANSWERS = [':1\r\n', '+OK\r\n', '$-1\r\n', '*2\r\n*-1\r\n$0\r\n\r\n', '%1\r\n+proto\r\n:3\r\n']

describe('what passes is known as what it is, in whatever pieces it comes', () => {
  test.each<[string, Protocol, Direction, [bytes: Buffer | string, kind: string][]]>([
    [
      'frames',
      websocket,
      'down',
      [['HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n', 'head'], ...FRAMES.map(ofKind('frame'))],
    ],
    ['what Redis says', redis, 'down', [...ANSWERS.map(ofKind('answer')), ...[PUBLISHED, PUSHED].map(ofKind('message'))]],
    [
      'queries',
      postgres,
      'up',
      [
        [start('user'), 'start'],
        [message('Q', 'BEGIN\0'), 'Q BEGIN'],
        [message('P', '\0insert\0\0\0'), 'P insert'],
        [message('S', ''), 'S'],
      ],
    ],
    [
      'what PostgreSQL answers',
      postgres,
      'down',
      [
        [message('C', 'INSERT 0 1\0'), 'C INSERT 0 1'],
        [message('Z', 'T'), 'Z'],
      ],
    ],
  ])('%s', (...[, protocol, direction, passed]) => {
    const bytes = Buffer.concat(passed.map(([one]) => Buffer.from(one)))
    const expected = passed.map(([one, kind]) => ({ bytes: Buffer.from(one), kind }))
    // The first piece of an answer is a head or none: it comes whole at least in its first line.
    for (const size of [bytes.length, 1_000, 13, ...(protocol === websocket ? [] : [1])]) {
      const cut = protocol[direction]()
      const units = []
      for (let at = 0; at < bytes.length; at += size) units.push(...cut(bytes.subarray(at, at + size)))
      expect(units).toEqual(expected)
    }
  })
})

describe('what passes is dealt with as the dice fall', () => {
  const of = { kind: 'message', saying: 'one' }
  const way = { direction: 'down' as const, line: {}, cut() {} }
  const unit = (text: string) => ({ bytes: Buffer.from(text), kind: 'message' })

  test.each([
    ['loses', loses, [[], ['two']]],
    ['repeats', repeats, [['one', 'one'], ['two']]],
    ['breaks', breaks, [[], ['two']]],
  ])('%s what is meant, and no other', (_name, deal, expected) => {
    const dealt = deal(new Dice(1), 1, of)
    expect(['one', 'two'].map((text) => dealt(unit(text), way).map(String))).toEqual(expected)
    expect(deal(new Dice(1), 0, of)(unit('one'), way).map(String)).toEqual(['one'])
  })

  test('shuffles: one comes after the next', () => {
    const dealt = shuffles(new Dice(1), 1, { kind: 'message' })
    expect(['one', 'two', 'three', 'four'].flatMap((text) => dealt(unit(text), way).map(String))).toEqual(['two', 'one', 'four', 'three'])
  })
})

describe('a moment', () => {
  const READS = [query('BEGIN'), message('C', 'SELECT 1\0'), query('COMMIT'), message('C', 'COMMIT\0'), message('Z', 'I')]
  const BEGIN = [query('BEGIN'), message('C', 'BEGIN\0'), message('Z', 'T')]
  const INSERTED = message('C', 'INSERT 0 1\0')
  const COMMITTED = [message('C', 'COMMIT\0'), message('Z', 'I')] as const

  test.each([
    [inBatch, BEGIN, INSERTED],
    [beforeCommit, [...BEGIN, INSERTED], query('COMMIT')],
    [duringCommit, [...BEGIN, INSERTED], query('COMMIT')],
    [afterCommit, [...BEGIN, INSERTED, query('COMMIT'), COMMITTED[0]], COMMITTED[1]],
  ])('$name comes with a write, and with none that only reads', async (moment, before, last) => {
    await using line = await Line.through(postgres)
    line.near.write(start('user'))
    await expect.poll(() => line.heard.far).not.toBe('')
    const cuts: number[] = []
    const sprung = springs([line.link], moment, (at, cut) => {
      cuts.push(at)
      cut()
    })
    for (const bytes of [...READS, ...before]) await line.says(bytes)
    expect(cuts).toEqual([])
    const from = last[0] === 'Q'.charCodeAt(0) ? line.near : line.far
    const to = from === line.near ? 'far' : 'near'
    const heard = line.heard[to]
    from.write(last)
    expect(await sprung).toBe(0)
    await Promise.all([line.over.near, line.over.far])
    expect(line.heard[to].slice(heard.length)).toBe(moment.passes ? last.toString('latin1') : '')
  })

  test.each([
    ['a reply', [frame('{"t":"pong"}')], frame('{"t":"reply","id":1}')],
    ['an answer', ['HTTP/1.1 503 Service Unavailable\r\n\r\n'], 'HTTP/1.1 201 Created\r\n\r\n'],
  ])('after the answer comes with %s', (_name, others, answer) => {
    const hasCome = afterAnswer.watch()
    const way = { direction: 'down' as const, line: {}, cut() {} }
    const unit = (bytes: Buffer | string) => ({ bytes: Buffer.from(bytes), kind: typeof bytes === 'string' ? 'piece' : 'frame' })
    for (const other of others) expect(hasCome(unit(other), way)).toBe(false)
    expect(hasCome(unit(answer), way)).toBe(true)
  })
})

/** Both ends of one connection through a link. */
class Line implements AsyncDisposable {
  readonly heard = { near: '', far: '' }
  readonly over: { near: Promise<void>; far: Promise<void> }
  readonly #made: AsyncDisposableStack
  readonly #parts: { near: Socket; far?: Socket; link?: Link; server?: Server }

  static async through(protocol: Protocol): Promise<Line> {
    await using made = new AsyncDisposableStack()
    const server = createServer({ allowHalfOpen: true })
    await once(server.listen(0, '127.0.0.1'), 'listening')
    made.defer(() => void server.close())
    const link = made.use(await Link.open((server.address() as AddressInfo).port, protocol))
    const near = connect({ port: link.port, host: '127.0.0.1' })
    const [far] = (await once(server, 'connection')) as [Socket]
    return new Line(made.move(), { near, far, link, server })
  }

  /** Its nearer end alone. */
  static at(port: number): Line {
    return new Line(new AsyncDisposableStack(), { near: connect({ port, host: '127.0.0.1' }) })
  }

  private constructor(made: AsyncDisposableStack, parts: { near: Socket; far?: Socket; link?: Link; server?: Server }) {
    this.#made = made
    this.#parts = parts
    this.over = { near: isOver(parts.near), far: isOver(parts.far) }
    for (const [end, socket] of [
      ['near', parts.near],
      ['far', parts.far],
    ] as const) {
      socket?.on('error', () => {})
      socket?.on('data', (bytes: Buffer) => (this.heard[end] += bytes.toString('latin1')))
    }
  }

  get near(): Socket {
    return this.#parts.near
  }

  get far(): Socket {
    return this.#parts.far!
  }

  get link(): Link {
    return this.#parts.link!
  }

  get server() {
    return this.#parts.server!
  }

  /** A query from the nearer end, or an answer from the farther, which has then arrived. */
  async says(bytes: Buffer): Promise<void> {
    const isQuery = bytes[0] === 'Q'.charCodeAt(0)
    ;(isQuery ? this.near : this.far).write(bytes)
    const end = isQuery ? 'far' : 'near'
    await expect.poll(() => this.heard[end].endsWith(bytes.toString('latin1')), { interval: 1 }).toBe(true)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#parts.near.destroy()
    this.#parts.far?.destroy()
    await this.#made.disposeAsync()
  }
}

async function isClosed(end: Duplex): Promise<void> {
  end.on('error', () => {}).resume()
  await expect.poll(() => end.closed).toBe(true)
}

/** Resolves when the other side has ended it, or it has broken. */
function isOver(socket: Socket | undefined): Promise<void> {
  return new Promise((resolve) => socket?.once('end', resolve).once('close', resolve))
}

/** Whatever was under way on another line has arrived since: this takes the same way, and began later. */
async function timePasses(): Promise<void> {
  await using line = await Line.through(plain)
  line.near.write('asks')
  await expect.poll(() => line.heard.far).toBe('asks')
}

function ofKind(kind: string): (bytes: Buffer | string) => [Buffer | string, string] {
  return (bytes) => [bytes, kind]
}

/** As a server sends it. */
function frame(text: string): Buffer {
  const { length } = text
  const head =
    length < 126 ? [0x81, length] : length < 65_536 ? [0x81, 126, length >> 8, length & 0xff] : [0x81, 127, 0, 0, 0, 0, ...bytesOf(length)]
  return Buffer.concat([Buffer.from(head), Buffer.from(text)])
}

function query(sql: string): Buffer {
  return message('Q', `${sql}\0`)
}

function message(letter: string, body: string): Buffer {
  return Buffer.concat([Buffer.from(letter), start(body)])
}

function start(body: string): Buffer {
  return Buffer.concat([Buffer.from(bytesOf(body.length + 4)), Buffer.from(body)])
}

function bytesOf(length: number): number[] {
  return [24, 16, 8, 0].map((shift) => (length >>> shift) & 0xff)
}
