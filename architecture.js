/**
 * Who may import whom: the one table. The rule `belfry/layers` (scripts/lint/layers.ts) reads it for every import of every file,
 * so what is not listed is refused. A row speaks for the files below `at`; of two that match, the longer speaks.
 *
 *   may       files and folders of ours, besides its own folder; a path that ends in `*s.ts` means the plural-noun files, which only read and store rows
 *   types     what it may import with `import type` only
 *   packages  packages of others; left out: any that its package.json names. `node:` stands for Node's own modules
 */

/** What of the protocol may reach a browser: the schemas beside them would bring zod along. */
const WIRE_VALUES = [
  'version',
  'routes',
  'uuid',
  'topics',
  'names',
  'blank',
  'limits',
  'close-codes',
  'refusals',
  'positions',
  'bumps',
  'down-text',
].map((name) => `protocol/src/${name}.ts`)

/** The server from the top down. */
const DOMAIN = ['imports/', 'notifications/', 'chat/', 'presence/', 'accounts/', 'jobs/']
const BELOW_DOMAIN = ['store/', 'lib/']
const BELOW_DOORS = ['call.ts', 'admit.ts', 'rates.ts', 'commands.ts', 'topics.ts', ...DOMAIN, ...BELOW_DOMAIN]

/** Of accounts, what the rest of the domain may use: who acts, and rows to read. */
const PEOPLE = ['accounts/actor.ts', 'accounts/*s.ts']
const SERVER = {
  'app.ts': ['config.ts', 'node-metrics.ts', 'writer.ts', 'http/', 'realtime/', 'bus/', 'jobs.ts', ...BELOW_DOORS],
  'config.ts': ['lib/'],
  'node-metrics.ts': ['realtime/', 'bus/', 'store/', 'lib/'],
  'writer.ts': ['writer-thread.ts'],
  'writer-thread.ts': ['commands.ts', 'store/', 'lib/'],
  'http/': BELOW_DOORS,
  // Realtime knows topics, not rooms; of the domain only who is signed in.
  'realtime/': ['call.ts', 'admit.ts', 'topics.ts', 'accounts/', 'bus/', 'store/', 'lib/'],
  'call.ts': ['admit.ts', 'rates.ts', 'commands.ts', 'accounts/', 'store/', 'lib/'],
  'rates.ts': ['admit.ts', 'commands.ts', 'store/', 'lib/'],
  'admit.ts': ['store/', 'lib/'],
  'commands.ts': [...DOMAIN, ...BELOW_DOMAIN],
  'topics.ts': [...DOMAIN, 'store/', 'lib/'],
  'jobs.ts': [...DOMAIN, 'store/', 'lib/'],
  // Brings what was elsewhere: people, messages, notifications.
  'imports/': [...PEOPLE, 'chat/*s.ts', 'notifications/inbox.ts', ...BELOW_DOMAIN],
  // Whether it rings now is a choice of whom it is for.
  'notifications/': [...PEOPLE, 'chat/*s.ts', 'presence/*s.ts', 'jobs/jobs.ts', ...BELOW_DOMAIN],
  'chat/': [...PEOPLE, ...BELOW_DOMAIN],
  'presence/': [...PEOPLE, ...BELOW_DOMAIN],
  'accounts/': BELOW_DOMAIN,
  'jobs/': BELOW_DOMAIN,
  // What a commit announces is the bus's own word; the bus itself is chosen by app.ts alone.
  'store/': ['bus/announcement.ts', 'lib/'],
  'bus/': ['lib/'],
  'lib/': [],
}

/** The app in the browser from the top down; a folder a feature. */
const WEB = {
  'main.tsx': ['app.tsx', 'shell/', 'account/', 'theme/'],
  // Runs beside the pages: nothing of theirs is in it.
  'shell-worker.ts': [],
  'app.tsx': ['room/', 'about/', 'browse/', 'inbox/', 'admin/', 'profile/', 'shell/', 'account/', 'theme/'],
  'room/': ['shell/', 'account/', 'theme/'],
  'about/': ['shell/', 'account/', 'theme/'],
  'browse/': ['shell/', 'account/', 'theme/'],
  'inbox/': ['shell/', 'account/', 'theme/'],
  'admin/': ['shell/', 'account/', 'theme/'],
  'profile/': ['shell/', 'account/', 'theme/'],
  'shell/': ['account/', 'theme/'],
  'account/': ['theme/'],
  'theme/': [],
}

const WEB_PACKAGES = ['react', 'react-dom', '@base-ui/react', 'virtua', 'wouter', '@fontsource-variable/inter', 'tailwindcss']

export const architecture = [
  { at: 'protocol/src/', may: [], packages: ['zod'] },
  { at: 'client/src/', may: WIRE_VALUES, types: ['protocol/src/'], packages: [] },
  ...rows('server/src/', SERVER, { may: ['protocol/src/'] }),
  ...rows('web/src/', WEB, { may: ['client/src/', ...WIRE_VALUES], types: ['protocol/src/'], packages: WEB_PACKAGES }),
  { at: 'cli/', may: ['client/src/', 'protocol/src/', 'server/src/'] },
  { at: 'bench/', may: ['protocol/src/', 'client/src/', 'server/src/'] },
  { at: 'protocol/test/', may: ['protocol/'] },
  { at: 'client/test/', may: ['client/', 'protocol/'] },
  { at: 'server/test/', may: ['server/', 'client/src/', 'protocol/', 'bench/src/programs/', 'test/'] },
  { at: 'web/test/', may: ['web/', 'client/src/', 'protocol/', 'test/'] },
  { at: 'web/', may: ['web/'] },
  { at: 'test/', may: ['protocol/', 'client/', 'server/', 'web/', 'cli/', 'bench/', 'scripts/', 'architecture.js'] },
  { at: 'scripts/', may: ['protocol/src/', 'architecture.js'] },
]

/**
 * @param {string} root
 * @param {Record<string, string[]>} table
 * @param {{ may: string[], types?: string[], packages?: string[] }} all what every row may, besides
 */
function rows(root, table, all) {
  return Object.entries(table).map(([at, may]) => ({ ...all, at: root + at, may: [...may.map((path) => root + path), ...all.may] }))
}
