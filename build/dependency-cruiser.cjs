/** Who may import whom. A path here is relative to the root of the tree that is checked. */

const ELECTRON = '^(electron$|electron/(main|common|renderer)$|node_modules/electron/)';
const FACE = '^electron/(desktop|terminal|gateway)/';
const PROGRAM = '^(shared|electron|renderer)/';

/**
 * @param {string} name
 * @param {string} comment
 * @param {object} from
 * @param {object} to
 * @returns {import('dependency-cruiser').IForbiddenRuleType}
 */
const forbid = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    forbid('no-cycle', 'Two files that need each other are one file.', {}, { circular: true }),
    forbid(
      'no-orphan',
      'Nothing reaches this file: it is dead, or its entry is missing.',
      { orphan: true, path: PROGRAM, pathNot: '\\.d\\.ts$' },
      {},
    ),
    forbid('resolvable', 'What is imported must exist.', {}, { couldNotResolve: true }),
    forbid(
      'shared-is-pure',
      'shared/ runs anywhere: it imports itself and zod, and its words the library that fills them in.',
      { path: '^shared/' },
      { pathNot: '^(shared/|zod$|node_modules/zod/|i18next$|node_modules/i18next/)' },
    ),
    forbid(
      'transfer-and-discovery-stand-alone',
      'They run in workers: shared, Node, libraries and their own folder.',
      { path: '^electron/engine/(transfer|discovery)/' },
      { path: PROGRAM, pathNot: '^(shared/|electron/engine/$1/)' },
    ),
    forbid(
      'engine-has-no-face',
      'The engine is the whole program without a face.',
      { path: '^electron/engine/' },
      { path: `${FACE}|^renderer/` },
    ),
    forbid(
      'only-the-desktop-knows-electron',
      'Everything else also runs under plain Node or in a browser.',
      { path: PROGRAM, pathNot: '^electron/desktop/' },
      { path: ELECTRON },
    ),
    forbid(
      'a-face-stands-on-the-engine',
      'Of the engine a face knows engine/engine.ts and how a thread is started ahead of it, and never another face.',
      { path: '^electron/(desktop|terminal|gateway)/' },
      {
        path: '^(electron|renderer)/',
        pathNot:
          '^electron/($1/|engine/(engine|transfer/thread-ahead)\\.ts$|gateway/(console|open-browser|reveal)\\.ts$)',
      },
    ),
    forbid(
      'only-the-command-opens-the-console',
      '`dropline console` and `dropline demo` start the gateway; the desktop has a window of its own.',
      { path: '^electron/(desktop|engine)/' },
      { path: '^electron/gateway/' },
    ),
    forbid(
      'preload-is-small',
      'What runs beside the page imports electron and the contract.',
      { path: '^electron/desktop/preload\\.ts$' },
      { pathNot: `${ELECTRON}|^shared/contract\\.ts$` },
    ),
    forbid(
      'window-is-a-page',
      'The window draws a snapshot: no engine, no protocol, no Node.',
      { path: '^renderer/' },
      { path: '^(electron/|shared/protocol/)' },
    ),
    forbid(
      'window-has-no-node',
      'The window runs in a sandbox and in a browser.',
      { path: '^renderer/' },
      { dependencyTypes: ['core'] },
    ),
    forbid(
      'ui-knows-nothing-of-dropline',
      'Primitives import React, the component library and the styles.',
      { path: '^renderer/ui/' },
      { path: PROGRAM, pathNot: '^renderer/(ui|styles)/' },
    ),
    forbid(
      'a-feature-stands-alone',
      'A feature knows bridge, snapshot, text, ui, styles and the model; never another feature.',
      { path: '^renderer/features/([^/]+)/' },
      {
        path: PROGRAM,
        pathNot:
          '^(renderer/(features/$1|ui|styles)/|renderer/(bridge|snapshot|text)\\.tsx?$|shared/(model/|errors\\.ts$|contract\\.ts$))',
      },
    ),
    forbid(
      'nobody-imports-test',
      'Tests are outside the program.',
      { pathNot: '^test/' },
      { path: '^test/' },
    ),
    forbid(
      'only-what-ships',
      'The package carries dependencies only: a devDependency would be missing there.',
      { path: '^(electron|shared)/' },
      {
        dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'],
        dependencyTypesNot: ['type-only'],
        pathNot: ELECTRON,
      },
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^out/' },
    tsPreCompilationDeps: true,
    combinedDependencies: false,
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.js', '.cjs', '.mjs', '.json', '.css', '.d.ts'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types', 'require'],
    },
  },
};
