const FEATURES = 'users|points|products|coupons|carts|orders|payments|events|audit';
// Tests sit outside the arrows: they may use @baguni/testing wherever they are.
const TESTS = '\\.test(-d)?\\.ts$|^packages/[^/]+/test/';
// A package is reached by its folder, or by its name where it is not installed.
const packages = (names) => `^packages/(${names})/|^@baguni/(${names})(/|$)`;

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    {
      name: 'no-cycle',
      comment:
        'Two files that need each other are one idea: move what both need into a third file, or import a type only.',
      severity: 'error',
      // Two entities whose tables point at each other name each other lazily; a cycle that leaves their folder is still found.
      from: { pathNot: '^packages/db/src/entities/' },
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'nothing-unresolved',
      comment: 'Write the import with its .ts ending, and list the package in the package.json next to it.',
      severity: 'error',
      // These run in the project of a stranger, and import what is installed there.
      from: { pathNot: '^packages/sdk/test/runtimes/' },
      to: { couldNotResolve: true },
    },
    {
      name: 'db-uses-no-package-of-ours',
      comment:
        'packages/db is the bottom. What it needs from above comes in as a parameter; what others need moves down into it.',
      severity: 'error',
      from: { path: '^packages/db/', pathNot: TESTS },
      to: { path: `${packages('api|sdk|testing')}|^(examples|bench)/` },
    },
    {
      name: 'api-uses-db-only',
      comment: 'packages/api may import @baguni/db. Clients and test doubles import the API, not the other way round.',
      severity: 'error',
      from: { path: '^packages/api/', pathNot: TESTS },
      to: { path: `${packages('sdk|testing')}|^(examples|bench)/` },
    },
    {
      name: 'sdk-takes-only-types-from-api',
      comment: "Write `import type … from '@baguni/api'`: no server code may reach the bundle of a browser.",
      severity: 'error',
      from: { path: '^packages/sdk/', pathNot: TESTS },
      to: { path: packages('api'), dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'sdk-knows-the-api-alone',
      comment:
        'packages/sdk may import types from @baguni/api and nothing else of ours; a type of the database reaches it through a view.',
      severity: 'error',
      from: { path: '^packages/sdk/', pathNot: TESTS },
      to: { path: `${packages('db|testing')}|^(examples|bench)/` },
    },
    {
      name: 'testing-uses-the-engine',
      comment: 'packages/testing may import @baguni/api, @baguni/db and @baguni/sdk.',
      severity: 'error',
      from: { path: '^packages/testing/', pathNot: TESTS },
      to: { path: '^(examples|bench)/' },
    },
    {
      name: 'the-contract-is-a-stranger',
      comment:
        'What checks a deployment from outside knows the SDK alone; what it needs besides comes in by connect().',
      severity: 'error',
      from: { path: '^packages/testing/src/contract/' },
      to: { path: `${packages('api|db')}|^packages/testing/src/(?!contract/)` },
    },
    {
      name: 'the-surface-is-the-api-from-outside',
      comment: 'packages/surface may import @baguni/api; of the SDK it reads the source alone.',
      severity: 'error',
      from: { path: '^packages/surface/', pathNot: TESTS },
      to: { path: `${packages('db|sdk|testing|cli')}|^(examples|bench)/` },
    },
    {
      name: 'nobody-uses-the-surface',
      comment: "packages/surface is a tool of this repository. What it wrote is '@baguni/api/surface.json'.",
      severity: 'error',
      from: { path: '^(packages/(?!surface/)|examples/|bench/)' },
      to: { path: packages('surface') },
    },
    {
      name: 'cli-is-made-from-the-surface',
      comment:
        "packages/cli calls through @baguni/sdk and reads '@baguni/api/surface.json': who installs it gets no server.",
      severity: 'error',
      from: { path: '^packages/cli/', pathNot: TESTS },
      to: {
        path: `${packages('api|db|testing')}|^(examples|bench)/`,
        pathNot: '^packages/api/surface/current\\.json$',
      },
    },
    {
      name: 'nobody-uses-the-cli',
      comment: 'packages/cli is for terminals; programs use @baguni/sdk.',
      severity: 'error',
      from: { path: '^(packages/(?!cli/)|examples/|bench/)' },
      to: { path: '^packages/cli/' },
    },
    {
      name: 'examples-are-strangers',
      comment: 'An example imports @baguni/sdk and @baguni/testing, as a user of ours would.',
      severity: 'error',
      from: { path: '^examples/' },
      to: { path: `${packages('db|api')}|^bench/` },
    },
    {
      name: 'packages-by-their-door',
      comment: "Import another package by its name ('@baguni/db'), not by a path into its folder.",
      severity: 'error',
      from: { path: '^(packages/[^/]+|examples|bench)/' },
      to: { path: '^(packages/[^/]+|examples|bench)/', pathNot: '^$1/', dependencyTypes: ['local'] },
    },
    {
      name: 'a-feature-uses-another-through-its-rules',
      comment:
        "Import the other feature's rules.ts, or the shapes in its schema.ts, or call a method of its entity in @baguni/db.",
      severity: 'error',
      from: { path: `^packages/api/src/(${FEATURES})/`, pathNot: TESTS },
      to: { path: `^packages/api/src/(${FEATURES})/`, pathNot: ['^packages/api/src/$1/', '/(rules|schema)\\.ts$'] },
    },
    {
      name: 'rules-are-functions-of-values',
      comment:
        'rules.ts imports errors.ts, limits.ts, the rules of other features, and types. What else it needs comes in as a parameter.',
      severity: 'error',
      from: { path: '/rules\\.ts$' },
      to: { pathNot: ['/errors\\.ts$', '/limits\\.ts$', '/rules\\.ts$'], dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    // TypeScript erases an unused import; the arrows hold for what is written.
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(packages/[^/]+|examples|bench)/(\\.types|dist)/' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['types', 'import', 'node', 'default'] },
  },
};
