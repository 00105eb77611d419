const { dest, src } = require('gulp');

/** Icons, and whatever else of a node is not TypeScript; tsc brings the JSON files along. */
function copyIcons() {
  return src(['nodes/**/*.{svg,png}', 'credentials/**/*.{svg,png}'], { base: '.', encoding: false }).pipe(dest('dist'));
}

exports['build:icons'] = copyIcons;
exports.default = copyIcons;
