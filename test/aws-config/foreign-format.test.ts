import { randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { findForeignFormat, isTemplateLine } from "../../src/aws-config/foreign-format.ts";

const CONFIG = "[profile okta]\nregion = eu-west-1\n# café\n";

function toUtf32(text: string): Buffer {
  return Buffer.from(Uint32Array.from(text, (letter) => letter.codePointAt(0) ?? 0).buffer);
}

describe("the format of a file at the config's path is", () => {
  const utf16 = Buffer.from(CONFIG, "utf16le");
  test.each<[string, Buffer | string, RegExp]>([
    ["git-crypt's", Buffer.concat([Buffer.from("\0GITCRYPT\0"), randomBytes(300)]), /git-crypt/],
    ["ansible-vault's", "$ANSIBLE_VAULT;1.1;AES256\n6162\n", /ansible-vault/],
    ["age's, armored", "-----BEGIN AGE ENCRYPTED FILE-----\nYWdl\n", /by age/],
    ["age's", Buffer.concat([Buffer.from("age-encryption.org/v1\n-> X"), randomBytes(200)]), /age/],
    ["GnuPG's, armored", "\n-----BEGIN PGP MESSAGE-----\n\nhQ\n", /GnuPG/],
    ["OpenSSL's", Buffer.concat([Buffer.from("Salted__"), randomBytes(200)]), /OpenSSL/],
    ["transcrypt's", "U2FsdGVkX19AbC==\n", /OpenSSL/],
    ["sops', as INI", "[default]\nregion = ENC[AES256_GCM,data:x,type:str]\n[sops]\n", /sops/],
    ["sops', as JSON", '{"data": "ENC[AES256_GCM,data:x,type:str]"}', /sops/],
    ["Git LFS's", "version https://git-lfs.github.com/spec/v1\noid sha256:1\n", /LFS/],
    ["UTF-16, with its mark", Buffer.concat([Buffer.from([0xff, 0xfe]), utf16]), /UTF-16/],
    ["UTF-16, without", utf16, /UTF-16/],
    ["UTF-16, big-endian", Buffer.concat([Buffer.from([0]), utf16]).subarray(0, 80), /UTF-16/],
    ["UTF-32, with its mark", toUtf32(`\ufeff${CONFIG}`), /UTF-32/],
    ["UTF-32, without", toUtf32(CONFIG), /UTF-32/],
    ["UTF-32, big-endian", toUtf32(CONFIG).swap32(), /UTF-32/],
    ["of random bytes", randomBytes(4000), /not text|UTF-16/],
  ])("%s", (_, content, what) => {
    expect(findForeignFormat(Buffer.from(content as string))?.what).toMatch(what);
  });

  test.each<[string, Buffer | string]>([
    ["empty", ""],
    ["a config", CONFIG],
    ["a config with a byte order mark", `\ufeff${CONFIG}`],
    ["a config with a NUL in it", `# \0\n${CONFIG}`],
    ["a config in Latin-1", Buffer.from(`# caf\xe9\n${CONFIG}`, "latin1")],
    ["a config that names such tools", `# git-crypt, sops: ENC[…], -----BEGIN PGP MESSAGE-----\n`],
    ["in Japanese", "# 設定ファイル\n".repeat(30)],
  ])("not foreign for text that is %s", (_, content) => {
    expect(findForeignFormat(Buffer.from(content as string))).toBeUndefined();
  });
});

test.each([
  ["region = {{ .region }}", true],
  ["{% if x %}", true],
  ["{{- end }}", true],
  ["}} {{", false],
  ["region = { json }", false],
  ["{{".repeat(50_000), false],
])("%.30s is a template line: %s", (line, expected) => {
  expect(isTemplateLine(line)).toBe(expected);
});
