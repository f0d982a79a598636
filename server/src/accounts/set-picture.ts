import { createHash } from 'node:crypto'
import type { Parsed } from '@belfry/protocol/commands.ts'
import { PICTURE_MAX_BYTES, PICTURE_MAX_PIXELS } from '@belfry/protocol/limits.ts'
import type { User } from '@belfry/protocol/rows.ts'
import { WORKSPACE_TOPIC } from '@belfry/protocol/topics.ts'
import { type ImageHeader, imageHeader } from '#lib/image-header.ts'
import { Refusal } from '#lib/refusal.ts'
import type { Write } from '#store/batch.ts'
import type { Tx } from '#store/tx.ts'
import { requirePerson, topicsOf } from './actor.ts'
import { type Picture, replacePicture } from './pictures.ts'
import { changeUser, requireUser } from './users.ts'

/** A picture is named by its content: another one has another address, so that browsers may keep each for ever. */
const NAME_CHARS = 16

/** me.set-picture, before its transaction: whether it is a picture that is taken. Refusals: malformed, too-large. */
export async function preparePicture(
  _: unknown,
  { input: { picture } }: { input: Parsed<'me.set-picture'> },
): Promise<{ picture: Picture | null }> {
  if (picture === null) return { picture }
  const bytes = Buffer.from(picture, 'base64')
  if (bytes.length > PICTURE_MAX_BYTES) throw new Refusal('too-large', `A picture has at most ${PICTURE_MAX_BYTES / 1024} KiB.`)
  const header = imageHeader(bytes)
  if (!header) throw new Refusal('malformed', 'This is no PNG, JPEG or WebP picture.')
  requireFewPixels(header)
  const name = createHash('sha256').update(bytes).digest('hex').slice(0, NAME_CHARS)
  return { picture: { picture: name, type: header.type, base64: bytes.toString('base64') } }
}

/** A few bytes can be many pixels, which everybody who sees the picture would have to unpack. */
function requireFewPixels({ width, height }: ImageHeader): void {
  if (width <= PICTURE_MAX_PIXELS && height <= PICTURE_MAX_PIXELS) return
  throw new Refusal('too-large', `A picture is at most ${PICTURE_MAX_PIXELS} pixels wide and high; this is ${width} × ${height}.`)
}

/** me.set-picture: one's own picture; null takes it away. */
export async function setPicture(tx: Tx, { input: { picture }, actor }: Write<{ picture: Picture | null }>): Promise<User> {
  await tx.lock(...topicsOf(actor), WORKSPACE_TOPIC)
  const { userId } = await requirePerson(tx, actor)
  await replacePicture(tx.db, userId, picture)
  const user = await requireUser(tx.db, userId)
  return changeUser(tx, user, { ...user, picture: picture?.picture ?? null })
}
