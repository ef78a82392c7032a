import { expect, test } from "vitest";
import { parseStatus } from "../../scripts/tools/platforms/apt.ts";
import { wrapInRoot } from "../../scripts/tools/platforms/debian-root.ts";

/** As dpkg writes /var/lib/dpkg/status. */
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

test("of dpkg's record only what is wholly installed counts, with and without its architecture", () => {
  expect(parseStatus(STATUS)).toEqual(["musl", "musl:amd64", "musl", "musl:arm64"]);
});

test("a record without packages has none installed", () => {
  expect(parseStatus("")).toEqual([]);
});

test("a program of the root is named last, after the folders that it sees", () => {
  const words = wrapInRoot(["qemu-aarch64", "-version"], {
    binds: { "/mnt": "/tmp" },
    cwd: "/mnt",
  });
  expect(words.slice(-6)).toEqual(["/mnt", "1", "/tmp", "/mnt", "qemu-aarch64", "-version"]);
});
