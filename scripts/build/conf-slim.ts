// Leaves the JSON schema validator of the package conf out of the program, which saves a quarter of a megabyte. latchkey's
// settings have no schema (docs/decisions/0018).
import type { Plugin } from "rolldown";

const CONF = /[\\/]node_modules[\\/]conf[\\/]/;
const VALIDATOR = /^ajv(?:-formats)?(?:\/|$)/;
const LEFT_OUT = "\0left-out-of-conf";

export const confSlim: Plugin = {
  name: "conf-slim",
  resolveId(source, importer) {
    if (importer === undefined || !CONF.test(importer) || !VALIDATOR.test(source)) return null;
    return LEFT_OUT;
  },
  load(id) {
    if (id !== LEFT_OUT) return null;
    return `export class Ajv2020 { constructor() { throw new Error("The validator of conf was left out of this program"); } }
export default { default: () => undefined };`;
  },
};
