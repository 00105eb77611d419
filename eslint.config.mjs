import js from '@eslint/js';
import { n8nCommunityNodesPlugin } from '@n8n/eslint-plugin-community-nodes';
import n8nNodesPlugin from 'eslint-plugin-n8n-nodes-base';
import tseslint from 'typescript-eslint';

const NODE_FILES = ['nodes/**/*.ts', 'credentials/**/*.ts'];
const { recommended: communityNodes } = n8nCommunityNodesPlugin.configs;

/** What Node itself provides to the launcher's scripts, which have no types to be checked by. */
const nodeGlobals = Object.fromEntries(
  [
    'AbortController',
    'AbortSignal',
    'Buffer',
    'URL',
    'URLSearchParams',
    'console',
    'fetch',
    'process',
    'structuredClone',
  ]
    .concat(['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'setImmediate'])
    .map((name) => [name, 'readonly']),
);

/** Rules of the older plugin, which is written for ESLint's former configuration format. */
function nodesBase(name) {
  return { plugins: { 'n8n-nodes-base': n8nNodesPlugin }, rules: n8nNodesPlugin.configs[name].rules };
}

/** A rule is an error or off; a warning is a decision that nobody made. */
function asErrors(rules) {
  return Object.fromEntries(Object.entries(rules).map(([name, level]) => [name, level === 'warn' ? 'error' : level]));
}

export default tseslint.config(
  { ignores: ['**/dist/**', '**/node_modules/**', 'editor/**', '.orderloom/**', 'coverage/**'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error', noInlineConfig: true } },

  {
    files: ['**/*.ts'],
    extends: [js.configs.recommended, ...tseslint.configs.recommended],
    languageOptions: { parserOptions: { project: './tsconfig.check.json', tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { arguments: false } }],
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/consistent-type-imports': 'off',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      'no-console': 'error',
    },
  },
  {
    files: ['test/**/*.ts'],
    // What a service answers is checked by the assertions on it, not by a type.
    rules: { '@typescript-eslint/no-explicit-any': 'off' },
  },
  {
    files: ['**/*.{mjs,cjs,js}'],
    extends: [js.configs.recommended],
    languageOptions: { globals: nodeGlobals },
  },
  {
    files: ['**/*.{cjs,js}'],
    languageOptions: { sourceType: 'commonjs', globals: { module: 'writable', require: 'readonly' } },
  },

  {
    files: NODE_FILES,
    plugins: communityNodes.plugins,
    rules: asErrors(communityNodes.rules),
  },
  { files: ['nodes/**/*.ts'], ...nodesBase('nodes') },
  { files: ['credentials/**/*.ts'], ...nodesBase('credentials') },
  {
    files: NODE_FILES,
    rules: {
      // The newer plugin asks for NodeConnectionTypes.Main where these two ask for 'main'.
      'n8n-nodes-base/node-class-description-inputs-wrong-regular-node': 'off',
      'n8n-nodes-base/node-class-description-outputs-wrong': 'off',
      // For n8n's own nodes only: ours are documented at an address.
      'n8n-nodes-base/cred-class-field-documentation-url-miscased': 'off',
    },
  },
  {
    files: ['package.json'],
    languageOptions: { parser: tseslint.parser, parserOptions: { extraFileExtensions: ['.json'] } },
    plugins: { ...communityNodes.plugins, ...nodesBase('community').plugins },
    rules: { ...asErrors(communityNodes.rules), ...nodesBase('community').rules },
  },
);
