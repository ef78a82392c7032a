import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { formatNotices, formatRuntimeNotice } from "../../scripts/build/notices.ts";
import { CHECKOUT } from "../support/checkout.ts";
import { isOnWindows, nameOnPosixOnly, testOnPosixOnly } from "../support/windows.ts";

const DEVELOPERS = "the programs are built on a POSIX system";
const testBuild = testOnPosixOnly(DEVELOPERS);

const RULE = `\n${"-".repeat(80)}\n\n`;

/** Returns the path of a module in a package with this manifest and these files. */
function createModule(manifest: object, files: Readonly<Record<string, string>> = {}): string {
  const place = mkdtempSync(join(tmpdir(), "latchkey-notices-"));
  onTestFinished(() => rmSync(place, { recursive: true }));
  const folder = join(place, "node_modules", "a");
  mkdirSync(folder, { recursive: true });
  const described = { name: "a", version: "1.0.0", ...manifest };
  writeFileSync(join(folder, "package.json"), JSON.stringify(described));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return join(folder, "index.js");
}

describe("a package's notice", () => {
  testBuild("has the texts that the package contains", () => {
    const files = { LICENSE: "Do it.\n", "NOTICE.txt": "By me.\n", "README.md": "Read it.\n" };
    const notices = formatNotices([createModule({ license: "MIT" }, files)]);
    expect(notices).toBe("a 1.0.0 (MIT)\n\nDo it.\n\nBy me.\n");
  });

  test.skipIf(isOnWindows).each([
    ["MIT", "Ada <ada@example.com>", "Copyright Ada <ada@example.com>\n\nPermission is hereby"],
    ["MIT", { name: "Ada" }, "Copyright Ada\n\nPermission is hereby"],
    ["Apache-2.0", undefined, " ".repeat(33)],
  ])(
    nameOnPosixOnly(DEVELOPERS, "has the text of %s by %j if the package contains none"),
    (license, author, start) => {
      const notices = formatNotices([createModule({ license, author })]);
      expect(notices.startsWith(`a 1.0.0 (${license})\n\n${start}`), notices.slice(0, 200)).toBe(
        true,
      );
      expect(notices).toMatch(/WITHOUT (?:WARRANTY|WARRANTIES)/);
    },
  );

  testBuild("is refused if the text of its licence is nowhere", () => {
    const module = createModule({ license: "ISC" });
    expect(() => formatNotices([module])).toThrow("a has no text of its licence (ISC)");
  });
});

test("every notice of the Node program has a text", () => {
  const file = join(CHECKOUT, "dist", "bundle", "THIRD-PARTY-NOTICES.txt");
  const notices = readFileSync(file, "utf8").split(RULE);
  expect(notices.length).toBeGreaterThan(20);
  for (const notice of notices)
    expect(notice.split("\n\n").slice(1).join("").length).toBeGreaterThan(200);
});

test("Bun's notice has the licences of Bun and of JavaScriptCore", () => {
  const notice = formatRuntimeNotice("Bun 1.2.3 (MIT)");
  expect(notice).toMatch(/^Bun 1\.2\.3 \(MIT\)\n\nBun is under the MIT licence/);
  expect(notice).toContain("Permission is hereby granted, free of charge");
  expect(notice).toContain("GNU LESSER GENERAL PUBLIC LICENSE");
});
