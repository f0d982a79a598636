import { describe, expect, test } from 'vitest'
import { PICTURE_MAX_BYTES } from '@belfry/protocol/limits.ts'
import { signedInWords, usedWords } from '#profile/device-words.ts'
import { type Encode, firstThatFits, NoPicture, toBase64 } from '#profile/shrink-picture.ts'

/** A browser that writes these types; `size` in bytes. Like a real one, it writes PNG for all others. */
function browser(types: Record<string, (quality?: number) => number>): Encode {
  return async (type, quality) => {
    const written = types[type] ? type : 'image/png'
    return new Blob([new Uint8Array(types[written]!(quality))], { type: written })
  }
}

describe('a picture is made small', () => {
  test('as WebP where the browser writes it, at the best quality that fits', async () => {
    const fits = await firstThatFits(browser({ 'image/png': () => 1, 'image/webp': () => 20_000 }))
    expect([fits.type, fits.size]).toEqual(['image/webp', 20_000])
    const tight = await firstThatFits(browser({ 'image/png': () => 1, 'image/webp': (quality) => quality! * 80_000 }))
    expect([tight.type, tight.size]).toEqual(['image/webp', 56_000])
  })

  test('as PNG where it does not, and as JPEG where that is too large', async () => {
    expect((await firstThatFits(browser({ 'image/png': () => PICTURE_MAX_BYTES }))).type).toBe('image/png')
    const photograph = browser({ 'image/png': () => PICTURE_MAX_BYTES + 1, 'image/jpeg': () => 30_000 })
    expect((await firstThatFits(photograph)).type).toBe('image/jpeg')
  })

  test('or says in words that it cannot be', async () => {
    await expect(firstThatFits(browser({ 'image/png': () => PICTURE_MAX_BYTES + 1 }))).rejects.toThrow(NoPicture)
    await expect(firstThatFits(async () => null)).rejects.toThrow('could not be made small enough')
  })

  test('and crosses the wire as base64', async () => {
    const bytes = Uint8Array.from({ length: PICTURE_MAX_BYTES }, (_, at) => at % 256)
    expect(await toBase64(new Blob([bytes]))).toBe(Buffer.from(bytes).toString('base64'))
  })
})

test('when a device was signed in is known to the minute, and when it was last used to the day', () => {
  const now = new Date(2026, 10, 22, 9, 5).getTime()
  expect(signedInWords(new Date(2026, 10, 21, 23, 59).getTime(), now, 'en-GB')).toBe('signed in 21 Nov at 23:59')
  expect(usedWords(new Date(2026, 10, 22, 0, 1).getTime(), now, 'en-GB')).toBe('used today')
  expect(usedWords(new Date(2026, 10, 21, 23, 59).getTime(), now, 'en-GB')).toBe('last used 21 Nov')
})
