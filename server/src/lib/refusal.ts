import type { RefusalBody, RefusalCode } from '@belfry/protocol/refusals.ts'

/** An expected "no". Thrown where it is known; the doors turn it into an answer. Anything else that is thrown is a mistake of ours. */
export class Refusal extends Error {
  override name = 'Refusal'
  readonly body: RefusalBody

  /** `cause` is for the log alone. */
  constructor(code: RefusalCode, detail: string, { cause, ...more }: Omit<RefusalBody, 'code' | 'detail'> & ErrorOptions = {}) {
    super(`${code}: ${detail}`, cause === undefined ? undefined : { cause })
    this.body = { code, detail, ...more }
  }
}
