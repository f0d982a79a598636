import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Of these a single file takes long. */
const LONG = /\/bench\/test\//

/** In a clone in which nothing has run yet, nothing is known of how long files take: large ones begin first, and some small ones would end long after all others. */
export class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    return sorted.toSorted((one, other) => Number(LONG.test(other.moduleId)) - Number(LONG.test(one.moduleId)))
  }
}
