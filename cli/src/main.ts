import { program } from './program.ts'
import { reportFailure } from './report-failure.ts'

/** `belfry`: exits with 0 when it is done, 1 when it was refused or failed, 2 when it was called wrongly. */
const json = process.argv.includes('--json')

// Whoever reads no further, as `head` does, has what they wanted.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit()
})

try {
  await program({ json }).parseAsync()
} catch (error) {
  reportFailure(error, { json })
}
