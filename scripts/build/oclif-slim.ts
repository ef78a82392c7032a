// What a command of ours does not need of oclif is not there when it starts (docs/decisions/0016). oclif requires all of
// itself at once: in the bundle each of its modules is loaded when it is first used, and what only its search for plugins,
// its spinners and its own reading of package.json and tsconfig.json use is left out.
import { readFileSync } from "node:fs";
import type { Plugin } from "rolldown";

/** As TypeScript writes an import into CommonJS; the number makes the name one of a kind in its module. */
const IMPORT =
  /^(?:const|var) (\w+_\d+) = ((?:__importDefault|__importStar)\(require\("[^"]+"\)\)|require\("[^"]+"\));$/gm;
const NAMESPACE = /^exports\.(\w+) = (__importStar\(require\("[^"]+"\)\));$/gm;

/** Asks for `process.stdout`: Node then makes a pipe non-blocking, for every program that writes to it. */
const STDOUT_LISTENER = /^process\.stdout\.on\('error', \(err\) => \{$[^}]*?^\}\);$/m;

const OCLIF = /[\\/]@oclif[\\/]core[\\/]lib[\\/](.*)\.js$/;
/** What oclif/config.ts, cli/real-context.ts and terminal/terminal.ts do instead. */
const LEFT_OUT_OF_OCLIF =
  /^(?:config[\\/](?:plugin|plugin-loader|ts-path)|module-loader|execute|util[\\/](?:read-pjson|read-tsconfig|find-root)|ux[\\/](?:action[\\/].*|colorize-json))$/;
/** Packages that oclif asks for there alone; others may ask for them, too. */
const LEFT_OUT =
  /[\\/]node_modules[\\/](?:balanced-match|brace-expansion|cli-spinners|debug|fdir|get-package-type|lilconfig|minimatch|picomatch|semver|tinyglobby|typescript)[\\/]/;

/** No path: neither the licences nor the list of what a chunk holds name what is not there. */
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

/** Turns `const a_1 = require("a")` into `let a_1`, and each `a_1` after it into `(a_1 ??= require("a"))`. */
function delayRequires(source: string, id: string): string {
  const imports = new Map<string, string>();
  const declared = source.replaceAll(IMPORT, (_, name: string, value: string) => {
    if (imports.has(name))
      throw new Error(`${id} imports ${name} twice: it is not as TypeScript wrote it`);
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
    throw new Error(`oclif no longer has what is to be left out: ${statement.source}`);
  return source.replace(statement, "");
}
