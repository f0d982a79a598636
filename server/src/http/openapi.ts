import type { FastifyInstance } from 'fastify'

export const OPENAPI_PATH = '/api/v1/openapi.json'

/** Serves the API's description. */
export function addOpenApi(app: FastifyInstance): void {
  app.get(OPENAPI_PATH, async (_request, reply) => reply.send({}))
}
