import { deflateSync } from 'node:zlib'

/** Pictures as programs write them: the smallest that say a size. */

/** All of one colour. */
export function png(width = 8, height = 8): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 0, 0, 0, 0], 8)
  const pixels = deflateSync(Buffer.alloc(Math.min(height, 64) * (width + 1)))
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', pixels), chunk('IEND', Buffer.alloc(0))])
}

/** With what cameras put before the frame. */
export function jpeg(width = 8, height = 8): Buffer {
  const start = Buffer.from([0xff, 0xd8])
  const app = segment(0xe0, Buffer.from('JFIF\0\u0001\u0001\0\0\u0001\0\u0001\0\0', 'latin1'))
  const tables = segment(0xc4, Buffer.alloc(20))
  const size = Buffer.from([8, height >> 8, height & 0xff, width >> 8, width & 0xff, 1, 1, 0x11, 0])
  return Buffer.concat([start, app, tables, segment(0xc2, size), Buffer.from([0xff, 0xd9])])
}

/** In each of the three ways that there are. */
export function webp(kind: 'VP8 ' | 'VP8L' | 'VP8X', width = 8, height = 8): Buffer {
  const data = { 'VP8 ': lossy, 'VP8L': lossless, 'VP8X': extended }[kind](width, height)
  const size = Buffer.alloc(4)
  size.writeUInt32LE(data.length)
  const chunks = Buffer.concat([Buffer.from(`WEBP${kind}`, 'latin1'), size, data])
  const all = Buffer.alloc(4)
  all.writeUInt32LE(chunks.length)
  return Buffer.concat([Buffer.from('RIFF', 'latin1'), all, chunks])
}

function lossy(width: number, height: number): Buffer {
  const data = Buffer.from([0, 0, 0, 0x9d, 0x01, 0x2a, 0, 0, 0, 0])
  data.writeUInt16LE(width, 6)
  data.writeUInt16LE(height, 8)
  return data
}

function lossless(width: number, height: number): Buffer {
  const data = Buffer.from([0x2f, 0, 0, 0, 0])
  data.writeUInt32LE((width - 1) | ((height - 1) << 14), 1)
  return data
}

function extended(width: number, height: number): Buffer {
  const data = Buffer.alloc(10)
  data.writeUIntLE(width - 1, 4, 3)
  data.writeUIntLE(height - 1, 7, 3)
  return data
}

/** Its checksum is not looked at. */
function chunk(type: string, data: Buffer): Buffer {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(data.length)
  return Buffer.concat([length, Buffer.from(type, 'latin1'), data, Buffer.alloc(4)])
}

function segment(marker: number, data: Buffer): Buffer {
  const length = data.length + 2
  return Buffer.concat([Buffer.from([0xff, marker, length >> 8, length & 0xff]), data])
}
