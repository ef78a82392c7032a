import fc from "fast-check";
import {
  EXPORT_MARK,
  findSectionOwner,
  putSection,
} from "../../src/aws-config/credentials-section.ts";
import { parseConfig } from "../../src/aws-config/document.ts";
import { formatMarkedSection } from "../../src/model/credentials.ts";
import { arbitraryDocuments } from "../aws-config/generator.ts";
import { arbitraryWildDocuments } from "../aws-config/generator-wild.ts";
import { createTarget, ensure } from "./target.ts";
import { arbitraryBytes, expectValueOrFailure } from "./values.ts";

/** Checks latchkey's own section of the credentials file. */

const KEYS = {
  accessKeyId: "ASIAFUZZ",
  secretAccessKey: "secret",
  sessionToken: "token",
  expiration: new Date("2026-11-29T13:00:00Z"),
  accountId: "000000000042",
};

const files: fc.Arbitrary<Uint8Array> = fc
  .tuple(
    fc.oneof(
      arbitraryDocuments().map(({ bytes }) => bytes),
      arbitraryWildDocuments(),
      arbitraryBytes(),
    ),
    fc.constantFrom(
      "",
      "\n[x]\naws_access_key_id = A\n",
      `\n[x]\n${EXPORT_MARK} = 1\na = b\n`,
      "\r\n[ x ]\r\n",
    ),
    arbitraryWildDocuments(),
  )
  .map((parts) => Buffer.concat(parts.map((part) => Buffer.from(part))));

export const CREDENTIALS_FILE_TARGET = createTarget({
  name: "credentials-section",
  values: fc.tuple(files, fc.constantFrom("x", "default", "a/b")),
  cases: [
    // The lines below would have become part of latchkey's last value. The check reported the header as a bug, and
    // missed the first case.
    [Buffer.from(`[x]\n${EXPORT_MARK} = 1\nno key\n  K: v\n "\n`), "x"],
    [Buffer.from(`[x]\n${EXPORT_MARK} = 1\n:\n  x = 1\n [profile a]\n`), "x"],
  ],
  async check([bytes, name]) {
    const before = parseConfig(bytes);
    const text = formatMarkedSection(KEYS, name, { [EXPORT_MARK]: "1" });
    const put = await expectValueOrFailure(
      () => putSection(before, name, text, "credentials"),
      ["CONFIG_INVALID"],
    );
    if (put === undefined) return;
    const after = parseConfig(put);
    const owner = findSectionOwner(after, name);
    const written = owner.kind === "latchkey" ? owner.text.replaceAll("\r\n", "\n") : owner.kind;
    ensure(written === text, `another section: ${written}`);
    ensure(
      Buffer.from(putSection(after, name, text, "credentials")).equals(put),
      "once more, it changes",
    );
    const gone = parseConfig(putSection(after, name, undefined, "credentials"));
    ensure(findSectionOwner(gone, name).kind === "nobody", "it is still there");
  },
});
