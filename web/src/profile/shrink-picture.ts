import { PICTURE_MAX_BYTES } from '@belfry/protocol/limits.ts'

/** Wide and high. */
export const PICTURE_SIZE_PX = 256
/** What a camera makes is smaller. */
const FILE_MAX_BYTES = 30_000_000

/** The best first. Where a browser cannot write a type, it writes PNG instead, which is good for drawings; photographs in it are too large. */
const ATTEMPTS = [
  { type: 'image/webp', quality: 0.9 },
  { type: 'image/webp', quality: 0.7 },
  { type: 'image/png' },
  { type: 'image/jpeg', quality: 0.85 },
  { type: 'image/jpeg', quality: 0.6 },
] as const

export type Encode = (type: string, quality?: number) => Promise<Blob | null>

/** Why a file makes no picture, in words for the person who chose it. */
export class NoPicture extends Error {
  override readonly name = 'NoPicture'
}

/** The middle square of a picture, small and in a form that the server takes. Rejects with {@link NoPicture}. */
export async function shrinkPicture(file: Blob): Promise<Blob> {
  if (file.size > FILE_MAX_BYTES) throw new NoPicture('This file is larger than 30 MB. Choose a smaller one.')
  const source = await createImageBitmap(file).catch(() => {
    throw new NoPicture('This file is no picture that your browser can read. Choose a PNG, JPEG or WebP.')
  })
  try {
    return await firstThatFits(encoderOf(middleSquare(source)))
  } finally {
    source.close()
  }
}

export async function firstThatFits(encode: Encode): Promise<Blob> {
  for (const { type, ...rest } of ATTEMPTS) {
    const blob = await encode(type, 'quality' in rest ? rest.quality : undefined)
    if (blob?.type === type && blob.size <= PICTURE_MAX_BYTES) return blob
  }
  throw new NoPicture('This picture could not be made small enough. Choose another one.')
}

/** As it crosses the wire. */
export async function toBase64(blob: Blob): Promise<string> {
  const bytes = new Uint8Array(await blob.arrayBuffer())
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
}

function middleSquare(source: ImageBitmap): HTMLCanvasElement {
  const side = Math.min(source.width, source.height)
  const [left, top] = [(source.width - side) / 2, (source.height - side) / 2]
  const canvas = document.createElement('canvas')
  canvas.width = canvas.height = PICTURE_SIZE_PX
  const context = canvas.getContext('2d')!
  context.imageSmoothingQuality = 'high'
  context.drawImage(source, left, top, side, side, 0, 0, PICTURE_SIZE_PX, PICTURE_SIZE_PX)
  return canvas
}

function encoderOf(canvas: HTMLCanvasElement): Encode {
  return (type, quality) => new Promise((resolve) => canvas.toBlob(resolve, type, quality))
}
