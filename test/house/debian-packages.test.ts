import { expect, test } from "vitest";
import { parseStatus } from "../../scripts/tools/platforms/apt.ts";
import { wrapInRoot } from "../../scripts/tools/platforms/debian-root.ts";

/** A status file in the form of /var/lib/dpkg/status. */
const STATUS = `Package: musl
Status: install ok installed
Architecture: amd64
Description: standard C library
 .
 Package: no-field, but a part of the text

Package: musl
Status: install ok installed
Architecture: arm64

Package: wine
Status: deinstall ok config-files
Architecture: amd64

Package: wine64
Status: install ok half-installed
Architecture: amd64
`;

test("only completely installed packages of dpkg's status file count, with and without architecture", () => {
  expect(parseStatus(STATUS)).toEqual(["musl", "musl:amd64", "musl", "musl:arm64"]);
});

test("a status file without packages gives no installed packages", () => {
  expect(parseStatus("")).toEqual([]);
});

test("the arguments end with the root's program, after the folders that it can see", () => {
  const words = wrapInRoot(["qemu-aarch64", "-version"], {
    binds: { "/mnt": "/tmp" },
    cwd: "/mnt",
  });
  expect(words.slice(-6)).toEqual(["/mnt", "1", "/tmp", "/mnt", "qemu-aarch64", "-version"]);
});
