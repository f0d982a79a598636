import { refusalAnswers } from './openapi-answers.ts'

const PICTURE = { schema: { type: 'string', contentMediaType: 'application/octet-stream' } }

/** What answers no JSON stands apart from the commands. */
export const picturePaths = {
  '/users/{id}/pictures/{picture}': {
    get: {
      operationId: 'picture.get',
      summary: "Somebody's present picture; their row says its name. It may be kept for ever: another picture has another name.",
      tags: ['user'],
      security: [{ cookie: [] }, { secureCookie: [] }, { token: [] }],
      parameters: ['id', 'picture'].map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } })),
      responses: {
        200: { description: 'The picture.', content: { 'image/png': PICTURE, 'image/jpeg': PICTURE, 'image/webp': PICTURE } },
        ...refusalAnswers(['unauthenticated', 'not-found', 'internal', 'shutting-down']),
      },
    },
  },
}
