// Makes oclif start faster (docs/decisions/0016). oclif loads all of its modules at once; in the bundle each module is
// loaded when it is first used. These modules are left out: the search for plugins, spinners, and oclif's own code to
// read package.json and tsconfig.json.
import { readFileSync } from "node:fs";
import type { Plugin } from "rolldown";

/** An import as TypeScript compiles it to CommonJS. The number makes the name unique in its module. */
const IMPORT =
  /^(?:const|var) (\w+_\d+) = ((?:__importDefault|__importStar)\(require\("[^"]+"\)\)|require\("[^"]+"\));$/gm;
const NAMESPACE = /^exports\.(\w+) = (__importStar\(require\("[^"]+"\)\));$/gm;

/**
 * This code of oclif reads `process.stdout`. If stdout is a pipe, Node then makes it non-blocking for every program
 * that writes to it.
 */
const STDOUT_LISTENER = /^process\.stdout\.on\('error', \(err\) => \{$[^}]*?^\}\);$/m;

const OCLIF = /[\\/]@oclif[\\/]core[\\/]lib[\\/](.*)\.js$/;
/** The modules that oclif/config.ts, cli/real-context.ts and terminal/terminal.ts replace. */
const LEFT_OUT_OF_OCLIF =
  /^(?:config[\\/](?:plugin|plugin-loader|ts-path)|module-loader|execute|util[\\/](?:read-pjson|read-tsconfig|find-root)|ux[\\/](?:action[\\/].*|colorize-json))$/;
/** Packages that oclif needs only in the modules that are left out. Other packages may also import them. */
const LEFT_OUT =
  /[\\/]node_modules[\\/](?:balanced-match|brace-expansion|cli-spinners|debug|fdir|get-package-type|lilconfig|minimatch|picomatch|semver|tinyglobby|typescript)[\\/]/;

/**
 * This id is not a path, so modules that are left out appear neither in the licences nor in the list of a chunk's modules.
 */
const NOWHERE = "\0left-out:";

export const oclifSlim: Plugin = {
  name: "oclif-slim",
  async resolveId(source, importer) {
    if (importer === undefined || !OCLIF.test(importer)) return null;
    const found = await this.resolve(source, importer, { skipSelf: true });
    const [, module] = OCLIF.exec(found?.id ?? "") ?? [];
    const isLeftOut =
      found !== null &&
      (LEFT_OUT.test(found.id) || (module !== undefined && LEFT_OUT_OF_OCLIF.test(module)));
    return isLeftOut ? `${NOWHERE}${source} of @oclif/core` : null;
  },
  load(id) {
    if (id.startsWith(NOWHERE))
      return `throw new Error(${JSON.stringify(`${id.slice(NOWHERE.length)} was left out of this program`)});`;
    const [, module] = OCLIF.exec(id) ?? [];
    if (module === undefined) return null;
    const source = readFileSync(id, "utf8");
    return delayRequires(module === "command" ? remove(source, STDOUT_LISTENER) : source, id);
  },
};

/** Replaces `const a_1 = require("a")` with `let a_1`, and each later `a_1` with `(a_1 ??= require("a"))`. */
function delayRequires(source: string, id: string): string {
  const imports = new Map<string, string>();
  const declared = source.replaceAll(IMPORT, (_, name: string, value: string) => {
    if (imports.has(name))
      throw new Error(`${id} imports ${name} twice, which TypeScript's output never does`);
    imports.set(name, value);
    return `let ${name};`;
  });
  const used = new RegExp(`(?<!^let )\\b(${[...imports.keys()].join("|")})\\b`, "gm");
  const code =
    imports.size === 0
      ? declared
      : declared.replaceAll(used, (name) => `(${name} ??= ${imports.get(name) ?? ""})`);
  return code.replaceAll(
    NAMESPACE,
    'Object.defineProperty(exports, "$1", { enumerable: true, get: () => $2 });',
  );
}

function remove(source: string, statement: RegExp): string {
  if (!statement.test(source))
    throw new Error(`oclif no longer has the code that should be left out: ${statement.source}`);
  return source.replace(statement, "");
}
