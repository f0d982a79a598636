import { describe, expect, test } from 'vitest'
import { stampedBody } from '#load/body.ts'
import { clientFrame, FrameReader } from '#load/frames.ts'
import { Stream } from '#load/stream.ts'

/** What a server sends: here a frame's text is the messages' bodies, a line each. */
function frame(...messages: [sender: number, number: number][]): Buffer {
  const text = messages.map(([sender, number]) => stampedBody({ sender, number, sentAt: 0 })).join('\n')
  const header = text.length < 126 ? [0x81, text.length] : [0x81, 126, text.length >> 8, text.length & 0xff]
  return Buffer.concat([Buffer.from(header), Buffer.from(text)])
}

function streamOf(followers: number): { stream: Stream; receive: ((bytes: Buffer) => void)[] } {
  const stream = new Stream((text) => text.split('\n'))
  return { stream, receive: Array.from({ length: followers }, () => stream.add()) }
}

describe('a stream', () => {
  test('is complete when every follower has every message, however the bytes were cut', () => {
    const { stream, receive } = streamOf(3)
    const bytes = Buffer.concat([frame([1, 1]), frame([2, 1], [1, 2]), frame([2, 2])])
    receive[0]!(bytes)
    expect(stream).toMatchObject({ messages: 4, deliveries: 4, complete: 0 })
    for (const byte of bytes) receive[1]!(Buffer.from([byte]))
    receive[2]!(bytes.subarray(0, 150))
    expect(() => stream.requireAll(4)).toThrow('1 of 3 followers did not receive everything')
    receive[2]!(bytes.subarray(150))
    expect(stream).toMatchObject({ messages: 4, deliveries: 12, complete: 4 })
    expect(() => stream.requireAll(4)).not.toThrow()
  })

  test('takes delays at every receiver', () => {
    const { stream, receive } = streamOf(2)
    stream.delays = []
    for (const one of receive) one(frame([1, 1], [1, 2]))
    expect(stream.delays).toHaveLength(4)
  })

  test('fails where a message is missing', () => {
    const { stream, receive } = streamOf(1)
    receive[0]!(frame([1, 1]))
    expect(() => receive[0]!(frame([1, 3]))).toThrow('After message 1 of sender 1 came 3')
    expect(() => stream.requireAll(3)).toThrow('3 messages were posted')
  })

  test('fails where the last message is missing', () => {
    const { stream, receive } = streamOf(1)
    receive[0]!(frame([1, 1]))
    expect(() => stream.requireAll(2)).toThrow('2 messages were posted, but 1 were received')
  })

  test('fails where a message comes twice', () => {
    const { receive } = streamOf(1)
    receive[0]!(frame([1, 1]))
    expect(() => receive[0]!(frame([1, 1]))).toThrow('After message 1 of sender 1 came 1')
  })

  test('fails where one follower misses what the others get', () => {
    const { receive } = streamOf(2)
    receive[0]!(Buffer.concat([frame([1, 1]), frame([1, 2])]))
    expect(() => receive[1]!(frame([1, 2]))).toThrow('Follower 1 received something else')
  })

  test('fails where two followers see another order', () => {
    const { receive } = streamOf(2)
    receive[0]!(Buffer.concat([frame([1, 1]), frame([2, 1])]))
    expect(() => receive[1]!(Buffer.concat([frame([2, 1]), frame([1, 1])]))).toThrow('Follower 1 received something else')
  })

  test('fails at half a frame', () => {
    const { stream, receive } = streamOf(1)
    receive[0]!(Buffer.concat([frame([1, 1]), frame([1, 2]).subarray(0, 20)]))
    expect(() => stream.requireAll(1)).toThrow('Half a frame')
  })

  test('fails where the server closes', () => {
    const { receive } = streamOf(1)
    const close = Buffer.from([0x88, 10, 0x0f, 0xa1, ...Buffer.from('too-slow')])
    expect(() => receive[0]!(close)).toThrow('a close frame (4001 too-slow)')
  })
})

describe('frames', () => {
  test.each([5, 125, 126, 1_000, 65_535])('of %d characters are written masked and read whole', (length) => {
    const text = 'x'.repeat(length)
    const written = clientFrame(text)
    expect(written[1]! & 0x80).toBe(0x80)
    const header = length < 126 ? 2 : 4
    const unmasked = Buffer.concat([written.subarray(0, header), written.subarray(header + 4)])
    unmasked[1]! &= 0x7f
    const heard: string[] = []
    const reader = new FrameReader()
    reader.read(unmasked.subarray(0, 3), (one) => heard.push(one))
    expect(reader.isBetween).toBe(false)
    reader.read(unmasked.subarray(3), (one) => heard.push(one))
    expect(heard).toEqual([text])
    expect(reader.isBetween).toBe(true)
  })
})
