import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { PACKAGE_NAMES } from "../../scripts/package/artefacts.ts";
import { readRelease } from "../../scripts/package/repository.ts";
import { CHECKOUT } from "../support/checkout.ts";

const { version } = readRelease();

test.each(["README.md", "docs/packaging.md"])(
  "the install lines of %s name the packages of a release",
  (page) => {
    const text = readFileSync(join(CHECKOUT, page), "utf8");
    const installed = text.matchAll(/\b(?:dpkg|rpm|apk) (?:-i|add --allow-untrusted) (\S+\w)/g);
    expect([...installed].map(([, file]) => file)).toEqual([
      PACKAGE_NAMES.deb(version, "amd64"),
      PACKAGE_NAMES.rpm(version, "amd64"),
      PACKAGE_NAMES.apk(version, "amd64"),
    ]);
  },
);
