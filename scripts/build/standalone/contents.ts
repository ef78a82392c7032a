// Lists the contents of a standalone executable in CycloneDX 1.6 (ECMA-424), a format for vulnerability and licence
// scanners.
import type { BundledPackage } from "../packages.ts";

/** A package or the runtime, with the checksum that its archive was compared with. */
export interface Content extends Pick<BundledPackage, "name" | "version" | "license"> {
  /** The SHA-512 of the package's archive, as in lock files; undefined if unknown. */
  readonly integrity?: string | undefined;
  readonly isRuntime?: boolean;
}

/**
 * Returns the list as JSON. It contains no time and no serial number, so the same contents give the same text.
 * @param program latchkey itself.
 * @param target the executable's platform.
 */
export function formatContents(
  program: Content,
  target: string,
  contents: readonly Content[],
): string {
  // The same package may be in two folders.
  const components = new Map(contents.map((each) => [toPackageUrl(each), toComponent(each)]));
  const all = [...components.values()].toSorted((a, b) => (a["bom-ref"] < b["bom-ref"] ? -1 : 1));
  const document = {
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    version: 1,
    metadata: {
      component: {
        ...toComponent(program),
        type: "application",
        properties: [{ name: "latchkey:target", value: target }],
      },
    },
    components: all,
    dependencies: [
      { ref: toPackageUrl(program), dependsOn: all.map((component) => component["bom-ref"]) },
    ],
  };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

function toComponent(content: Content) {
  const { name, version, license, integrity, isRuntime = false } = content;
  const sum = /^sha512-(.+)$/.exec(integrity ?? "")?.[1];
  const hash = sum === undefined ? undefined : Buffer.from(sum, "base64").toString("hex");
  const isExpression = /^[\w.()+-]+( (AND|OR) [\w.()+-]+)*$/.test(license);
  return {
    type: isRuntime ? "platform" : "library",
    "bom-ref": toPackageUrl(content),
    name,
    version,
    licenses: [isExpression ? { expression: license } : { license: { name: license } }],
    purl: toPackageUrl(content),
    ...(hash === undefined ? {} : { hashes: [{ alg: "SHA-512", content: hash }] }),
  };
}

/** Returns a package's URL as in https://github.com/package-url/purl-spec, "npm". */
function toPackageUrl({ name, version }: Pick<Content, "name" | "version">): string {
  return `pkg:npm/${name.replace("@", "%40")}@${version}`;
}
