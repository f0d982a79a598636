import { existsSync } from 'node:fs'
import { resolve } from 'node:path'

const folder = resolve(import.meta.dirname, '..', '..', 'shared', 'data')

/** Real data that stands beside the repository, not in it. Where it is not, the tests of it are left out, with a line. */
export const sharedData = { folder, missing: !existsSync(folder), needed: 'test/real-data' }
