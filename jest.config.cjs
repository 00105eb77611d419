const swc = (syntax) => ['@swc/jest', { jsc: { parser: { syntax }, target: 'es2022' }, module: { type: 'commonjs' } }];

/** Tests run on the source, compiled file by file; types are checked by `npm run check`. */
module.exports = {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  moduleFileExtensions: ['ts', 'js', 'mjs', 'cjs', 'json', 'node'],
  transform: { '^.+\\.ts$': swc('typescript'), '^.+/scripts/.+\\.mjs$': swc('ecmascript') },
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/server/dist/', '<rootDir>/editor/', '<rootDir>/.orderloom/'],
  testTimeout: 60_000,
};
