import { type Command, commands } from '@belfry/protocol/commands.ts'
import { OPENAPI_PATH } from './openapi.ts'
import { PICTURE_PATH } from './pictures.ts'
import { API } from './routes.ts'
import { STREAM_PATH, TOPIC_STREAM_PATH } from './streams.ts'

const ADDRESSES = [
  ...Object.values<Command>(commands).map(({ method, path }) => ({ method, pattern: patternOf(API + path) })),
  ...[OPENAPI_PATH, API + PICTURE_PATH, STREAM_PATH, TOPIC_STREAM_PATH, '/health', '/metrics'].map((path) => ({
    method: 'GET',
    pattern: patternOf(path),
  })),
]

/** Which methods this address takes; none: there is nothing. */
export function methodsAt(path: string): string[] {
  const methods = ADDRESSES.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method)
  return [...new Set(methods.includes('GET') ? [...methods, 'HEAD'] : methods)]
}

function patternOf(path: string): RegExp {
  return new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/:\w+/g, '[^/]+')}$`)
}
