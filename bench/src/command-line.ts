/** What the command line asks for. Ends the process where it makes no sense. */
export function readOrExplain<Asked>(read: () => Asked, usage: string): Asked {
  try {
    return read()
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    console.error(usage)
    process.exit(2)
  }
}
