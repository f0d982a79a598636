import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { findPicture } from '#accounts/pictures.ts'
import { Refusal } from '#lib/refusal.ts'
import type { Store } from '#store/store.ts'
import type { Callers } from './callers.ts'

/** Below {@link API}; no command, since it answers no JSON. */
export const PICTURE_PATH = '/users/:id/pictures/:picture'

/** Somebody's picture, for whoever is signed in and knows of them; everybody else is told that there is nothing. */
export function addPictures(app: FastifyInstance, { store, callers, api }: { store: Store; callers: Callers; api: string }): void {
  app.get(api + PICTURE_PATH, async (request: FastifyRequest<{ Params: { id: string; picture: string } }>, reply) => {
    const { actor } = await callers.callerOf(request.raw)
    const { id: userId, picture } = request.params
    const found = actor.is === 'person' ? await store.read((db) => findPicture(db, actor.userId, { userId, picture })) : undefined
    if (!found) throw new Refusal('not-found', 'There is no such picture.')
    return send(reply, found)
  })
}

/** Whatever else somebody has put into the file, it stays a picture: no browser guesses another type, and nothing in it may run or load. */
function send(reply: FastifyReply, { type, base64 }: { type: string; base64: string }): FastifyReply {
  return reply
    .headers({
      'content-security-policy': "default-src 'none'; sandbox",
      'x-content-type-options': 'nosniff',
      'cache-control': 'private, max-age=31536000, immutable',
    })
    .type(type)
    .send(Buffer.from(base64, 'base64'))
}
