import type { RefusalCode } from '@belfry/protocol/refusals.ts'
import { refusalAnswers } from './openapi-answers.ts'

const PERSON = [{ cookie: [] }, { secureCookie: [] }, { token: [] }]
const REFUSALS: RefusalCode[] = ['malformed', 'unauthenticated', 'forbidden', 'rate-limited', 'internal', 'shutting-down']

/** What does not end stands apart from the commands, and in PROTOCOL.md. */
export const streamPaths = {
  '/stream': {
    get: {
      operationId: 'stream.open',
      summary: 'Follow topics where a WebSocket does not get through: the frames that a socket would carry.',
      tags: ['stream'],
      security: PERSON,
      parameters: [
        parameter('v', 'The version of the protocol that is spoken; another one is refused.'),
        parameter('epoch', 'The epoch to which the positions in `follow` belong.'),
        parameter('follow', 'Topics, separated by commas, each with the seq up to which it was followed: `room:general@12,workspace`.'),
      ],
      responses: {
        200: frames('Server-Sent Events, one frame each; the last one says why it ends.'),
        ...refusalAnswers(['version', ...REFUSALS]),
      },
    },
  },
  '/topics/{topic}/changes': {
    get: {
      operationId: 'topic.changes',
      summary: 'Follow one topic, from a snapshot or from where one stood.',
      tags: ['stream'],
      security: PERSON,
      parameters: [
        { name: 'topic', in: 'path', required: true, description: '`room:ID`, `user:ID` or `workspace`.', schema: { type: 'string' } },
        parameter('since', 'A position, EPOCH:SEQ: the `id` of the last event.'),
        { ...parameter('Last-Event-ID', 'The same, as a browser’s EventSource says it.'), in: 'header' },
      ],
      responses: {
        200: frames('Server-Sent Events, one frame each; the `id` is a position.'),
        ...refusalAnswers(['not-found', ...REFUSALS]),
      },
    },
  },
}

function parameter(name: string, description: string) {
  return { name, in: 'query', required: false, description, schema: { type: 'string' } }
}

function frames(description: string) {
  return { description, content: { 'text/event-stream': { schema: { type: 'string' } } } }
}
