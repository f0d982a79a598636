import type { KnipConfig } from 'knip'

const config: KnipConfig = {
  workspaces: {
    '.': {
      entry: ['scripts/*.{js,ts}', 'test/**/*.test.ts', 'test/journeys/screenshots.ts'],
      project: ['*.{js,ts}', 'scripts/**/*.{js,ts}', 'test/**/*.ts', '!test/check/planted/**'],
    },
    // What crosses the wire is declared whole, also where nobody of ours asks for it yet.
    'protocol': { entry: ['src/*.ts', 'test/**/*.test.ts'] },
    'client': { entry: ['src/belfry.ts', 'src/sign-in.ts', 'test/**/*.test.ts'] },
    'server': { entry: ['src/writer.ts', 'test/**/*.test.ts'] },
    'web': { entry: ['src/main.tsx', 'src/shell-worker.ts', 'test/**/*.test.{ts,tsx}'] },
    'cli': { entry: ['src/main.ts', 'test/**/*.test.ts'] },
    // Peers run as processes of their own.
    'bench': { entry: ['src/main.ts', 'src/cluster.ts', 'src/peers/*.ts', 'test/**/*.test.ts'] },
  },
  // Part of every Debian.
  ignoreBinaries: ['script', 'mount', 'umount', 'unshare'],
  ignoreExportsUsedInFile: true,
}

export default config
