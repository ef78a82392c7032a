import fc from "fast-check";
import { expect, test } from "vitest";
import { readAwsSso } from "../../src/import/aws-sso/read.ts";
import { renderGoTemplate } from "../../src/import/aws-sso/go-template.ts";
import { readAwsSsoUtil } from "../../src/import/aws-sso-utility.ts";
import { readAwsVault } from "../../src/import/aws-vault.ts";
import type { ToolReading } from "../../src/import/entry.ts";
import { parseGrantedConfig, readGranted } from "../../src/import/granted.ts";
import { hasCode } from "../../src/errors.ts";
import { isAccountId, isRoleName } from "../../src/model/role.ts";
import { isRegion, isStartUrl } from "../../src/model/start-url.ts";
import { AWS_SSO_UTIL, AWS_VAULT, GRANTED, YAML } from "../support/import-files.ts";
import { toConfig } from "./read.ts";

/**
 * Any text in another tool's file: imported roles are valid, the rest is reported, and only expected errors are thrown.
 */

/** A file with part of its text replaced. */
const damage = (text: string): fc.Arbitrary<string> =>
  fc
    .tuple(
      fc.nat(text.length),
      fc.nat(40),
      fc.oneof(
        fc.string({ unit: "binary" }),
        fc.constantFrom(
          "{",
          "}",
          "[",
          "*a",
          "&a ",
          "\t",
          "\n",
          '"',
          "<<: ",
          "{{",
          "%",
          "=",
          ":",
          "#",
        ),
      ),
    )
    .map(([at, length, put]) => text.slice(0, at) + put + text.slice(at + length));

function checkReading({ roles, left }: ToolReading): void {
  for (const { accountId, roleName, startUrl, ssoRegion } of roles)
    expect([
      isAccountId(accountId),
      isRoleName(roleName),
      isStartUrl(startUrl),
      isRegion(ssoRegion),
    ]).toEqual([true, true, true, true]);
  for (const { place, reason } of left) expect(place !== "" && reason !== "").toBe(true);
}

test("a damaged AWS config", { tags: ["long"] }, () => {
  fc.assert(
    fc.property(damage(GRANTED + AWS_VAULT + AWS_SSO_UTIL), (text) => {
      const config = toConfig(text);
      checkReading(readGranted(config, []));
      checkReading(readAwsVault(config));
      checkReading(readAwsSsoUtil(config, {}));
    }),
  );
});

test("a damaged config.yaml, cache and config of granted", { tags: ["long"] }, async () => {
  const cache = JSON.stringify({
    SSO: {
      Work: {
        Roles: {
          StartUrl: "https://a.awsapps.com/start",
          SSORegion: "us-east-1",
          Accounts: { "1": { Alias: "a", Roles: { Ops: { Profile: "p" } } } },
        },
      },
    },
  });
  const aws = toConfig("");
  await fc.assert(
    fc.asyncProperty(damage(YAML), damage(cache), async (yaml, json) => {
      const files = {
        config: { path: "config.yaml", text: yaml },
        cache: { path: "cache.json", text: json },
      };
      await readAwsSso(aws, files, {}).then(checkReading, (thrown: unknown) => {
        expect(hasCode(thrown, "CONFIG_INVALID")).toBe(true);
      });
      const { left } = await parseGrantedConfig(yaml, "granted");
      expect(left.length).toBeLessThan(2);
    }),
  );
});

test("any ProfileFormat", () => {
  const fields = new Map([["RoleName", "Admin"]]);
  fc.assert(
    fc.property(
      damage('{{ FirstItem .RoleName (nospace .AccountAlias) | replace "a" "b" | lower }}'),
      (format) => {
        const name = renderGoTemplate(format, fields);
        expect(name === undefined || typeof name === "string").toBe(true);
      },
    ),
  );
});
