/** What an image says of itself in its first bytes. */
export interface ImageHeader {
  type: 'image/png' | 'image/jpeg' | 'image/webp'
  width: number
  height: number
}

/** Null for what is no PNG, JPEG or WebP, or breaks off before it says how large it is. The pixels themselves are not looked at. */
export function imageHeader(bytes: Buffer): ImageHeader | null {
  try {
    return pngHeader(bytes) ?? jpegHeader(bytes) ?? webpHeader(bytes)
  } catch (error) {
    // Read beyond the end.
    if (error instanceof RangeError) return null
    throw error
  }
}

const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])

/** The first chunk is IHDR, which begins with the size. */
function pngHeader(bytes: Buffer): ImageHeader | null {
  if (!bytes.subarray(0, PNG.length).equals(PNG) || text(bytes, 12, 4) !== 'IHDR') return null
  return { type: 'image/png', width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) }
}

/** Segments, each a marker and a length, until the one that begins a frame. */
function jpegHeader(bytes: Buffer): ImageHeader | null {
  if (bytes.length < 3 || bytes.readUIntBE(0, 3) !== 0xffd8ff) return null
  let segment = segmentAt(bytes, 2)
  while (segment && !beginsFrame(segment.marker)) segment = segmentAt(bytes, segment.end)
  return segment && { type: 'image/jpeg', height: bytes.readUInt16BE(segment.data + 1), width: bytes.readUInt16BE(segment.data + 3) }
}

/** Null for what is none: a segment is a marker, which any number of fill bytes may come before, and a length, which counts itself. */
function segmentAt(bytes: Buffer, start: number): { marker: number; data: number; end: number } | null {
  let at = start
  while (bytes.readUInt16BE(at) === 0xffff) at += 1
  const marker = bytes.readUInt16BE(at)
  if (marker >>> 8 !== 0xff || standsAlone(marker)) return null
  const length = bytes.readUInt16BE(at + 2)
  return length < 2 ? null : { marker, data: at + 4, end: at + 2 + length }
}

/** Markers without a length: TEM, the eight RST, the image's start and end; and 0xff00, which is none. */
function standsAlone(marker: number): boolean {
  return marker <= 0xff01 || (marker >= 0xffd0 && marker <= 0xffd9)
}

/** SOF0 to SOF15, of which three numbers mean something else. */
function beginsFrame(marker: number): boolean {
  return marker >= 0xffc0 && marker <= 0xffcf && marker !== 0xffc4 && marker !== 0xffc8 && marker !== 0xffcc
}

/** RIFF, whose first chunk is one of three kinds, each with the size at a place of its own. */
function webpHeader(bytes: Buffer): ImageHeader | null {
  if (text(bytes, 0, 4) !== 'RIFF' || text(bytes, 8, 4) !== 'WEBP') return null
  const size = webpSize(bytes, text(bytes, 12, 4))
  return size && { type: 'image/webp', ...size }
}

function webpSize(bytes: Buffer, chunk: string): { width: number; height: number } | null {
  switch (chunk) {
    case 'VP8 ':
      return { width: bytes.readUInt16LE(26) & 0x3fff, height: bytes.readUInt16LE(28) & 0x3fff }
    case 'VP8L': {
      const bits = bytes.readUInt32LE(21)
      return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 }
    }
    case 'VP8X':
      return { width: bytes.readUIntLE(24, 3) + 1, height: bytes.readUIntLE(27, 3) + 1 }
    default:
      return null
  }
}

function text(bytes: Buffer, at: number, length: number): string {
  return bytes.toString('latin1', at, at + length)
}
