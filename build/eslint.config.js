import { resolve } from 'node:path';
import reactHooks from 'eslint-plugin-react-hooks';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

const TYPED = ['**/*.ts', '**/*.tsx'];

/** Ways of putting text into a page as markup, or of running text as code. */
const MARKUP = [
  {
    selector: 'MemberExpression[property.name=/^(innerHTML|outerHTML|insertAdjacentHTML)$/]',
    message: 'A name from another computer must never become markup: set text, or use React.',
  },
  {
    selector: 'MemberExpression[object.name="document"][property.name=/^writeln?$/]',
    message: 'A name from another computer must never become markup.',
  },
  {
    selector: ':matches(JSXAttribute, Property)[name.name="dangerouslySetInnerHTML"]',
    message: 'A name from another computer must never become markup.',
  },
  {
    selector: 'Property[key.name="dangerouslySetInnerHTML"]',
    message: 'A name from another computer must never become markup.',
  },
];

const LANGUAGE = [
  { selector: 'TSEnumDeclaration', message: 'Use a union of literals, or `as const`.' },
  {
    selector:
      'MemberExpression[object.name=/^(describe|it|test|suite)$/][property.name=/^(only|skip|todo)$/]',
    message: 'Every test runs. Where a machine cannot run it, use skipIf with a reason.',
  },
];

/** Turned off, it lets anyone in the middle read: one file may, and checks the key itself. */
const UNVERIFIED_TLS = [
  {
    selector: 'Property[key.name="rejectUnauthorized"], Property[key.value="rejectUnauthorized"]',
    message: 'Only electron/engine/transfer/authentication.ts decides how a peer is authenticated.',
  },
  {
    selector: 'Literal[value="NODE_TLS_REJECT_UNAUTHORIZED"]',
    message: 'Only electron/engine/transfer/authentication.ts decides how a peer is authenticated.',
  },
];

/** The packaged runtime has RunAsNode fused off, and fork needs it: it would fail only when shipped. */
const FORK = [
  {
    selector:
      'ImportDeclaration[source.value=/child_process$/] ImportSpecifier[imported.name="fork"]',
    message: 'fork does not work in the packaged program: use worker_threads.',
  },
  {
    selector:
      'MemberExpression[object.name=/^(childProcess|child_process|cp)$/][property.name="fork"]',
    message: 'fork does not work in the packaged program: use worker_threads.',
  },
];

/** Trust, time-outs and resuming must work on a computer that is in another year. */
const CALENDAR = {
  name: 'Date',
  message: 'The calendar is for people only: take the Clock of electron/engine/transfer/ports.ts.',
};

const everywhere = [...MARKUP, ...LANGUAGE, ...UNVERIFIED_TLS];
/**
 * @param {...object} rules
 * @returns {['error', ...object[]]}
 */
const restrict = (...rules) => ['error', ...rules];

export default defineConfig(
  globalIgnores(['out/', 'node_modules/', 'test/corpus/']),
  {
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      eqeqeq: 'error',
      'no-empty': 'error',
      'no-eval': 'error',
      'no-new-func': 'error',
      'no-restricted-syntax': restrict(...everywhere),
      'max-lines': ['error', { max: 300 }],
    },
  },
  {
    files: TYPED,
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: {
        projectService: true,
        tsconfigRootDir: resolve(import.meta.dirname, '..'),
      },
    },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-implied-eval': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      // Numbers, and ids that are branded strings, read well in a template; objects do not.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // `() => stop()` is the plain way to say "and then nothing".
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', caughtErrors: 'all', ignoreRestSiblings: true },
      ],
      // An async function with nothing to await keeps a promise-returning interface honest about throws.
      '@typescript-eslint/require-await': 'off',
      // tsconfig's noPropertyAccessFromIndexSignature demands the brackets that this rule removes.
      '@typescript-eslint/dot-notation': 'off',
    },
  },
  {
    files: ['renderer/**/*.ts', 'renderer/**/*.tsx'],
    extends: [reactHooks.configs.flat['recommended-latest']],
    rules: {
      // An event handler may be async: its failures end in the snapshot or in a toast.
      '@typescript-eslint/no-misused-promises': [
        'error',
        { checksVoidReturn: { attributes: false } },
      ],
    },
  },
  {
    files: ['electron/**/*.ts'],
    rules: { 'no-restricted-syntax': restrict(...everywhere, ...FORK) },
  },
  {
    files: ['electron/engine/**/*.ts', 'electron/gateway/**/*.ts', 'shared/**/*.ts'],
    rules: { 'no-restricted-globals': ['error', CALENDAR] },
  },
  {
    // What a person reads of when something was, days, and those that stand in a certificate.
    files: [
      'electron/engine/calendar.ts',
      'electron/engine/checks.ts',
      'electron/engine/pairings.ts',
      'electron/engine/commands.ts',
      'electron/engine/identity.ts',
      'electron/engine/transfer-events.ts',
    ],
    rules: { 'no-restricted-globals': 'off' },
  },
  {
    files: ['electron/engine/transfer/authentication.ts'],
    rules: { 'no-restricted-syntax': restrict(...MARKUP, ...LANGUAGE, ...FORK) },
  },
  {
    // The three that grow in every program of this kind.
    files: [
      'electron/engine/state/store.ts',
      'electron/engine/transfer/manager.ts',
      'electron/engine/manager.ts',
      'renderer/app.tsx',
    ],
    rules: { 'max-lines': ['error', { max: 200 }] },
  },
  {
    files: ['test/**/*.ts', 'test/**/*.tsx'],
    rules: {
      'max-lines': ['error', { max: 400 }],
      'no-restricted-syntax': restrict(...LANGUAGE),
      // A test says what must be there; when it is not, the thrown error is the failed test.
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
);
