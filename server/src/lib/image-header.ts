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
  let at = 2
  while (!beginsFrame(bytes.readUInt16BE(at))) at += 2 + bytes.readUInt16BE(at + 2)
  return { type: 'image/jpeg', height: bytes.readUInt16BE(at + 5), width: bytes.readUInt16BE(at + 7) }
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
