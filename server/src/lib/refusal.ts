import type { RefusalBody, RefusalCode } from '@belfry/protocol/refusals.ts'

/** An expected "no". Thrown where it is known; the doors turn it into an answer. Anything else that is thrown is a mistake of ours. */
export class Refusal extends Error {
  override name = 'Refusal'
  readonly body: RefusalBody

  constructor(code: RefusalCode, detail: string, more: Omit<RefusalBody, 'code' | 'detail'> = {}) {
    super(`${code}: ${detail}`)
    this.body = { code, detail, ...more }
  }
}
