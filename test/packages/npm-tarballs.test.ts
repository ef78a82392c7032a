import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { describe, expect, onTestFinished, test } from "vitest";
import { isWindows, TARGETS } from "../../scripts/build/standalone/targets.ts";
import { nameNpmPackage } from "../../scripts/package/npm.ts";
import { runTool } from "../../scripts/package/packing.ts";
import { readRelease } from "../../scripts/package/repository.ts";
import { patience } from "../support/patience.ts";
import { locateTarball, PACKAGES, readPackedManifest, runNpm } from "./support/npm.ts";

const { version, repository } = readRelease();

describe.each(PACKAGES)("the tarball of %s", (name) => {
  test("has this version, and runs no script when it is installed", async () => {
    const manifest = await readPackedManifest(locateTarball(name));
    expect(manifest).toMatchObject({ name, version, license: "Apache-2.0" });
    expect(manifest["repository"]).toBe(`github:${repository.owner}/${repository.name}`);
    for (const key of ["scripts", "devDependencies", "allowScripts"])
      expect(manifest).not.toHaveProperty(key);
  });

  test(
    "is accepted by publint and npm publish",
    async () => {
      const tarball = locateTarball(name);
      // Suggestions are about modules, and a platform's package has no modules.
      const level = name === "latchkey" ? "suggestion" : "warning";
      const { messages, pkg } = await publint({
        level,
        pack: { tarball: readFileSync(tarball).buffer },
      });
      expect(messages.map((message) => formatMessage(message, pkg))).toEqual([]);
      const place = mkdtempSync(join(tmpdir(), "latchkey-publish-"));
      onTestFinished(() => rmSync(place, { recursive: true }));
      const said = await runNpm(place, ["publish", "--dry-run", "--json", tarball]);
      expect(JSON.parse(said)).toMatchObject({ [name]: { id: `${name}@${version}` } });
    },
    patience(60_000),
  );
});

describe.each(TARGETS.map((target) => target.name))("the package of %s", (target) => {
  test("contains the program with its licences, only for that system, processor and C library", async () => {
    const tarball = locateTarball(nameNpmPackage(target));
    const [system, cpu, musl] = target.split("-");
    const manifest = await readPackedManifest(tarball);
    expect(manifest["cpu"]).toEqual([cpu]);
    expect(manifest["os"]).toEqual([system === "windows" ? "win32" : system]);
    expect(manifest["libc"]).toEqual(system === "linux" ? [musl ?? "glibc"] : undefined);
    const listed = await runTool(["tar", "-tvzf", tarball]);
    const files = listed
      .trimEnd()
      .split("\n")
      .filter((line) => !line.endsWith("/"));
    const program = `package/bin/latchkey${isWindows(target) ? ".exe" : ""}`;
    const modes = files.map((line) => [line.split(" ").at(-1), line.slice(0, 10)]);
    const texts = ["LICENSE", "README.md", "THIRD-PARTY-NOTICES.txt", "package.json"];
    expect(Object.fromEntries(modes)).toEqual({
      [program]: "-rwxr-xr-x",
      ...Object.fromEntries(texts.map((name) => [`package/${name}`, "-rw-r--r--"])),
    });
  });
});
