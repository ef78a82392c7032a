// oclif requires all of itself at the start: the search for plugins, the parser of globs, templates, spinners. In the bundle
// each of its modules is loaded when it is first used: a tenth of a command's time (docs/decisions/0016).
import { readFileSync } from "node:fs";

/** As TypeScript writes an import into CommonJS; the number makes the name one of a kind in its module. */
const IMPORT = /^(?:const|var) (\w+_\d+) = ((?:__importDefault|__importStar)\(require\("[^"]+"\)\)|require\("[^"]+"\));$/gm;
const NAMESPACE = /^exports\.(\w+) = (__importStar\(require\("[^"]+"\)\));$/gm;

/** Turns `const a_1 = require("a")` into `let a_1`, and each `a_1` after it into `(a_1 ??= require("a"))`. */
export const oclifLazily = {
  name: "oclif-lazily",
  load(id) {
    if (!/[\\/]@oclif[\\/]core[\\/]lib[\\/].*\.js$/.test(id)) return null;
    const imports = new Map();
    const declared = readFileSync(id, "utf8").replaceAll(IMPORT, (_, name, value) => {
      if (imports.has(name)) throw new Error(`${id} imports ${name} twice: it is not as TypeScript wrote it`);
      imports.set(name, value);
      return `let ${name};`;
    });
    const used = new RegExp(`(?<!^let )\\b(${[...imports.keys()].join("|")})\\b`, "gm");
    const code = imports.size === 0 ? declared : declared.replaceAll(used, (name) => `(${name} ??= ${imports.get(name)})`);
    return { code: code.replaceAll(NAMESPACE, 'Object.defineProperty(exports, "$1", { enumerable: true, get: () => $2 });') };
  },
};
