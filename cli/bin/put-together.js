// By any Node: one that does not read the sources has nothing to do.
if (process.features.typescript) await import('#put-together.ts')
