import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Place } from './local-program.ts'

/** A certificate for a program of this machine, which nobody else has signed. */
export async function makeCertificate({ folder, user }: Place): Promise<void> {
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', keyOf({ folder })]
  const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1']
  const made = ['req', '-x509', '-days', '2', ...key, ...names, '-out', certificateOf({ folder })]
  await promisify(execFile)('openssl', made, { cwd: folder, ...user })
}

/** The one to trust, for whoever asks what runs there. */
export function certificateOf({ folder }: Pick<Place, 'folder'>): string {
  return join(folder, 'certificate.pem')
}

export function keyOf({ folder }: Pick<Place, 'folder'>): string {
  return join(folder, 'key.pem')
}
