// Gives Jest the source maps that the build wrote, so that a failing test points at the TypeScript line.
const { existsSync, readFileSync } = require('node:fs');

module.exports = {
  process(code, file) {
    const map = `${file}.map`;
    return existsSync(map) ? { code, map: readFileSync(map, 'utf8') } : { code };
  },
};
