/** What the command line asks for. Ends the process where it asks how to, or makes no sense. */
export function readOrExplain<Asked>(read: () => Asked, usage: string): Asked {
  if (process.argv.includes('--help')) {
    console.log(usage)
    process.exit()
  }
  try {
    return read()
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    console.error(usage)
    process.exit(2)
  }
}
