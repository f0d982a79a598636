import { readFileSync } from 'node:fs'
import type { ClientRequest } from 'node:http'
import { request, type RequestOptions } from 'node:https'
import { certificateOf } from '#bench/src/programs/certificate.ts'
import type { LocalProgram } from '#bench/src/programs/local-program.ts'

/** Asks over a connection of its own, and trusts the certificate that was made for this nginx. */
export function requests(nginx: LocalProgram, options: RequestOptions, body?: string): ClientRequest {
  const { port } = nginx
  return request({ host: 'localhost', port, agent: false, ca: readFileSync(certificateOf(nginx)), ...options }).end(body)
}
