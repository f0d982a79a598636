/** What one look at a server has found. */
export interface Finding {
  what: string
  /** `odd`: it works, and may not be what was meant. `unknown`: it could not be looked at. */
  is: 'good' | 'odd' | 'bad' | 'unknown'
  /** What was seen and, where it is not good, what to do. */
  says: string
}

export const good = (what: string, says: string): Finding => ({ what, is: 'good', says })
export const odd = (what: string, says: string): Finding => ({ what, is: 'odd', says })
export const bad = (what: string, says: string): Finding => ({ what, is: 'bad', says })
export const unknown = (what: string, says: string): Finding => ({ what, is: 'unknown', says })

/** What to do where a certificate is not believed. */
export const OWN_AUTHORITY = 'A certificate authority of your own is named by NODE_EXTRA_CA_CERTS=/path/authority.pem.'

/** Why something failed, without a stack: the first cause that has words of its own. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const { cause } = error
  if (cause instanceof AggregateError) return reasonOf(cause.errors[0])
  return cause instanceof Error ? reasonOf(cause) : error.message
}
