const { transformFileSync } = require('@swc/core');

const options = {
  jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
  module: { type: 'commonjs' },
  sourceMaps: 'inline',
};

/** `node --require` this, and Node runs TypeScript compiled file by file, as jest does for the tests. */
require.extensions['.ts'] = (module, file) => module._compile(transformFileSync(file, options).code, file);
