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
    // Peers and bitten runs are processes of their own; a plant and a clock that goes wrong are loaded ahead of others.
    'bench': {
      entry: [
        'src/{main,cluster}.ts',
        'src/peers/*.ts',
        'checker/main.ts',
        'checker/teeth/{bitten,plant}.ts',
        'checker/faults/shifted-clock.ts',
        'test/**/*.test.ts',
      ],
      project: ['{src,checker}/**/*.ts', 'test/**/*.ts'],
    },
  },
  // Part of every Debian.
  ignoreBinaries: ['script', 'taskset', 'mount', 'umount', 'unshare'],
  ignoreExportsUsedInFile: true,
}

export default config
