/** SQLite's writer thread begins here: what fails in it is told by its place in the sources. */
process.setSourceMapsEnabled(true)
await import('./writer-thread.ts')
