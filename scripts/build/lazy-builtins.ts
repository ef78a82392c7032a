// Loads Node's own modules when they are first used: node:crypto takes 5 ms to load, and most runs do not need it. An
// import() of such a module becomes a require too, because Node's ES module loader takes 25 ms to start, and reads
// every export of node:http, which loads fetch.
import type { Plugin } from "rolldown";

const DYNAMIC_IMPORT = /\bimport\(("node:[\w/]+")\)/g;
/** Matches the requires to delay. Modules that Node loads at its own start are not delayed. */
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

/** Returns whether a module is converted to a namespace at once. Such a module can't be delayed. */
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
