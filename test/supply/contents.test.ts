import { expect, test } from "vitest";
import { formatContents } from "../../scripts/build/standalone/contents.ts";

const PROGRAM = { name: "latchkey", version: "0.1.0", license: "Apache-2.0" };
const SUM = `sha512-${Buffer.alloc(64, 1).toString("base64")}`;

test("a program's contents are listed with version, licence and checksum, in a fixed order", () => {
  const contents = [
    { name: "yaml", version: "2.9.1", license: "ISC" },
    { name: "yaml", version: "2.9.1", license: "ISC" },
    { name: "@s/b", version: "1.0.0", license: "(MIT OR Apache-2.0)", integrity: SUM },
    { name: "bun", version: "1.4.5", license: "MIT; inside it others", isRuntime: true },
  ];
  const text = formatContents(PROGRAM, "linux-x64", contents);
  expect(text).toBe(formatContents(PROGRAM, "linux-x64", contents.toReversed()));
  expect(JSON.parse(text)).toMatchObject({
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    metadata: { component: { type: "application", name: "latchkey", version: "0.1.0" } },
    components: [
      {
        type: "library",
        name: "@s/b",
        version: "1.0.0",
        purl: "pkg:npm/%40s/b@1.0.0",
        licenses: [{ expression: "(MIT OR Apache-2.0)" }],
        hashes: [{ alg: "SHA-512", content: "01".repeat(64) }],
      },
      { type: "platform", name: "bun", licenses: [{ license: { name: "MIT; inside it others" } }] },
      { type: "library", name: "yaml", licenses: [{ expression: "ISC" }] },
    ],
    dependencies: [
      {
        ref: "pkg:npm/latchkey@0.1.0",
        dependsOn: ["pkg:npm/%40s/b@1.0.0", "pkg:npm/bun@1.4.5", "pkg:npm/yaml@2.9.1"],
      },
    ],
  });
});
