import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { randomBytes } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  openSealedFile,
  readSealedFile,
  sealText,
  unsealText,
  type Identity,
} from "../../src/token/sealed-file.ts";
import { expectMode } from "../support/windows.ts";

const key = randomBytes(32);
const TOKEN: Identity = ["token", "ee0bfd2552fbd840c02cc48b6e823320543c450f"];

describe("sealing", () => {
  test("returns any text for the same key and identity, and the file shows none of it", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 8, unit: "grapheme" }), (text) => {
        const file = sealText(key, TOKEN, text);
        expect(file).not.toContain(text);
        expect(unsealText(key, TOKEN, file)).toBe(text.toWellFormed());
      }),
    );
  });

  test("never uses a nonce twice", () => {
    const nonces = Array.from(
      { length: 1000 },
      () => (JSON.parse(sealText(key, TOKEN, "same")) as { nonce: string }).nonce,
    );
    expect(new Set(nonces).size).toBe(1000);
  });

  test("returns nothing for another key, session, role, or kind", () => {
    const role: Identity = ["role", "corp", "100000000001", "ViewOnlyAccess"];
    const file = sealText(key, role, "secret");
    expect(unsealText(key, role, file)).toBe("secret");
    expect(unsealText(randomBytes(32), role, file)).toBeUndefined();
    expect(
      unsealText(key, ["role", "other", "100000000001", "ViewOnlyAccess"], file),
    ).toBeUndefined();
    expect(
      unsealText(key, ["role", "corp", "100000000002", "ViewOnlyAccess"], file),
    ).toBeUndefined();
    expect(unsealText(key, ["role", "corp", "100000000001", "ReadOnly"], file)).toBeUndefined();
    expect(unsealText(key, ["token", "corp"], file)).toBeUndefined();
  });

  test("returns nothing if any byte was changed or is missing, and never throws", () => {
    const file = sealText(key, TOKEN, "a secret of some length");
    fc.assert(
      fc.property(fc.nat(file.length - 2), fc.integer({ min: 0, max: 127 }), (at, code) => {
        const changed = file.slice(0, at) + String.fromCharCode(code) + file.slice(at + 1);
        expect([undefined, "a secret of some length"]).toContain(unsealText(key, TOKEN, changed));
      }),
    );
    for (let length = 0; length < file.length - 1; length += 1)
      expect(unsealText(key, TOKEN, file.slice(0, length))).toBeUndefined();
    const parts = JSON.parse(file) as Record<string, string>;
    for (const part of ["nonce", "ciphertext", "tag"]) {
      const bytes = Buffer.from(parts[part] ?? "", "base64");
      bytes[0] = (bytes[0] ?? 0) ^ 1;
      expect(
        unsealText(key, TOKEN, JSON.stringify({ ...parts, [part]: bytes.toString("base64") })),
        part,
      ).toBeUndefined();
      expect(
        unsealText(
          key,
          TOKEN,
          JSON.stringify({ ...parts, [part]: bytes.subarray(1).toString("base64") }),
        ),
        part,
      ).toBeUndefined();
    }
    for (const other of [
      "",
      "{}",
      "[]",
      "null",
      JSON.stringify({ ...parts, version: 2 }),
      JSON.stringify({ ...parts, tag: 1 }),
    ])
      expect(unsealText(key, TOKEN, other)).toBeUndefined();
  });
});

describe("a sealed file", () => {
  let directory: string;
  beforeEach(() => (directory = mkdtempSync(join(tmpdir(), "latchkey-vault-"))));
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  test("is private, reserves the length that it needs, and stays the same if its new version is abandoned", () => {
    const path = join(directory, "vault", "tokens", "x.json");
    openSealedFile(path, key, TOKEN, 0).commit("first");
    expectMode(path, 0o600);
    expectMode(join(directory, "vault"), 0o700);
    const text = "é".repeat(1000);
    const replacement = openSealedFile(path, key, TOKEN, Buffer.byteLength(text));
    expect(readSealedFile(path, key, TOKEN)).toBe("first");
    replacement.commit(text);
    expect(statSync(path).size).toBe(sealText(key, TOKEN, text).length);
    openSealedFile(path, key, TOKEN, 10).abandon();
    expect(readSealedFile(path, key, TOKEN)).toBe(text);
  });

  test("is absent without a key, if it is missing, and if its path is something else", () => {
    const path = join(directory, "x.json");
    expect(readSealedFile(path, key, TOKEN)).toBeUndefined();
    expect(readSealedFile(directory, key, TOKEN)).toBeUndefined();
    openSealedFile(path, key, TOKEN, 0).commit("text");
    expect(readSealedFile(path, undefined, TOKEN)).toBeUndefined();
    writeFileSync(path, readFileSync(path).subarray(0, 40));
    expect(readSealedFile(path, key, TOKEN)).toBeUndefined();
  });
});
