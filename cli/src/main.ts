import { program } from './program.ts'
import { reportFailure } from './report-failure.ts'

/** `belfry`: exits with 0 when it is done, 1 when it was refused or failed, 2 when it was called wrongly. */
const json = process.argv.includes('--json')

try {
  await program({ json }).parseAsync()
} catch (error) {
  reportFailure(error, { json })
}
