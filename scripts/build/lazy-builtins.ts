// Node's own modules when they are first used: node:crypto takes 5 ms to load, and most runs of a module that imports it
// get by without. An import() of one is a require, too: Node's loader of ES modules takes 25 ms to start, and looks at
// everything in node:http, fetch among it.
import type { Plugin } from "rolldown";

const DYNAMIC_IMPORT = /\bimport\(("node:[\w/]+")\)/g;
/** What the start of Node has loaded anyway is left as it is. */
const REQUIRE =
  /^let (node_\w+) = (require\("node:(?!fs"|path"|os"|util"|process"|buffer")[\w/]+"\));$/gm;

export const lazyBuiltins: Plugin = {
  name: "lazy-builtins",
  renderChunk(code, _chunk, { format }) {
    if (format !== "cjs") return undefined;
    const required = code.replaceAll(DYNAMIC_IMPORT, "Promise.resolve(require($1))");
    return [...required.matchAll(REQUIRE)].reduce(
      (text, [statement, name = "", load = ""]) =>
        isNamespace(required, name) ? text : delayLoad(text, { statement, name, load }),
      required,
    );
  },
};

/** One that is made into a namespace right away can't wait. */
function isNamespace(code: string, name: string): boolean {
  return new RegExp(`^${name} = `, "m").test(code);
}

interface Load {
  readonly statement: string;
  readonly name: string;
  readonly load: string;
}

function delayLoad(text: string, { statement, name, load }: Load): string {
  return text.replace(statement, `let ${name};`).replaceAll(`${name}.`, `(${name} ??= ${load}).`);
}
