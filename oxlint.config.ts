import { defineConfig } from 'oxlint'

const ENVIRONMENT = 'Settings come from config.ts, which alone reads the environment.'

const TESTS = {
  files: ['**/test/**'],
  excludeFiles: ['test/check/planted/*/*/src/**'],
  rules: {
    'max-lines': ['error', { max: 500 }],
    'max-lines-per-function': 'off',
    'typescript/no-misused-promises': 'off',
    'no-empty-pattern': 'off',
  },
} as const

/** Rules of our own, the layers among them, are in scripts/lint/. The planted violations are left out by `npm run check`. */
export default defineConfig({
  plugins: ['eslint', 'typescript', 'unicorn', 'oxc', 'import', 'node', 'promise', 'vitest'],
  jsPlugins: ['./scripts/lint/plugin.ts'],
  categories: { correctness: 'error' },
  ignorePatterns: ['**/node_modules/**', '**/dist/**', 'data/**'],
  rules: {
    'belfry/layers': 'error',
    'belfry/file-names': 'error',
    'belfry/words': 'error',
    'belfry/no-enum': 'error',
    'belfry/no-barrel': 'error',

    'max-lines': ['error', { max: 300 }],
    'max-lines-per-function': ['error', { max: 60 }],
    'max-depth': ['error', { max: 3 }],
    'max-params': ['error', { max: 3 }],
    'unicorn/filename-case': ['error', { case: 'kebabCase' }],
    'import/no-cycle': 'error',
    'import/no-default-export': 'error',

    'eqeqeq': 'error',
    'no-control-regex': 'off',
    'no-throw-literal': 'error',
    'no-var': 'error',
    'prefer-const': 'error',
    // A copy is walked where the original changes meanwhile.
    'unicorn/no-useless-spread': 'off',
    'preserve-caught-error': 'error',
    'func-style': ['error', 'declaration', { allowArrowFunctions: true }],
    'no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrors: 'none' }],

    'typescript/ban-ts-comment': 'error',
    'typescript/consistent-type-imports': 'error',
    'typescript/no-explicit-any': 'error',
    'typescript/await-thenable': 'error',
    'typescript/no-floating-promises': 'error',
    'typescript/no-misused-promises': ['error', { checksVoidReturn: { attributes: false } }],
    'typescript/no-unnecessary-type-assertion': 'error',
    'typescript/only-throw-error': ['error', { allowThrowingUnknown: true }],
    'typescript/no-base-to-string': 'off',
    'typescript/no-misused-spread': 'off',
    'typescript/require-await': 'off',
    'typescript/return-await': 'error',
    'typescript/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
    'typescript/unbound-method': 'off',

    'vitest/no-focused-tests': 'error',
    'vitest/no-disabled-tests': 'off',
    // A title may be built, a test may expect through what it calls or before it awaits, and `skipIf` decides on what is installed.
    'vitest/expect-expect': 'off',
    'vitest/no-conditional-expect': 'off',
    'vitest/no-standalone-expect': 'off',
    'vitest/require-to-throw-message': 'off',
    'vitest/valid-expect': 'off',
    'vitest/valid-title': 'off',
    'vitest/require-mock-type-parameters': 'off',
  },
  overrides: [
    {
      files: ['**/server/src/**'],
      excludeFiles: ['**/server/src/config.ts'],
      rules: {
        'node/no-process-env': 'error',
        'no-restricted-imports': ['error', { paths: ['node:process', 'process'].map((name) => ({ name, message: ENVIRONMENT })) }],
      },
    },
    {
      files: ['**/web/src/**', '**/web/test/**'],
      plugins: ['eslint', 'typescript', 'unicorn', 'oxc', 'import', 'promise', 'vitest', 'react', 'jsx-a11y'],
      rules: {
        'react/rules-of-hooks': 'error',
        'react/exhaustive-deps': 'error',
        'react/react-in-jsx-scope': 'off',
        // Advice for React's compiler, which does not run here.
        'react/preserve-manual-memoization': 'off',
        'react/purity': 'off',
        'react/refs': 'off',
        'react/set-state-in-effect': 'off',
        // A list whose items take the focus by arrow keys, and dialogs that put it where it belongs.
        'jsx-a11y/no-autofocus': 'off',
        'jsx-a11y/no-noninteractive-element-interactions': 'off',
        'jsx-a11y/no-noninteractive-element-to-interactive-role': 'off',
        'jsx-a11y/no-noninteractive-tabindex': 'off',
        'jsx-a11y/prefer-tag-over-role': 'off',
      },
    },
    { files: ['**/client/src/**', '**/web/src/**'], rules: { 'no-console': 'error' } },
    TESTS,
    { files: ['**/*.config.ts', 'scripts/lint/plugin.ts'], rules: { 'import/no-default-export': 'off' } },
  ],
})
