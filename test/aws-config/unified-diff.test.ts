import { applyPatch } from "diff";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatUnifiedDiff as formatDiff } from "../../src/profiles/change/text-diff.ts";
import { parseConfig } from "../support/config-editor.ts";

function formatUnifiedDiff(before: string, after: string, file: string): string {
  const [old, fresh] = [before, after].map((text) => parseConfig(new TextEncoder().encode(text)));
  return old === undefined || fresh === undefined ? "" : formatDiff(old, fresh, file);
}

const SEED = Number(process.env["FC_SEED"] ?? 20_261_124);

const lines = fc.array(
  fc.oneof(
    {
      weight: 3,
      arbitrary: fc.constantFrom("region = 1\n", "output = 2\n", "[x]\n", "[y]\n", "\n"),
    },
    { weight: 1, arbitrary: fc.nat(40).map((index) => `[profile p${index}]\n`) },
  ),
  { maxLength: 40 },
);

function profileText(index: number, region: string): string {
  const id = String(index).padStart(12, "0");
  return `[profile p${index}]\nsso_account_id = ${id}\nsso_role_name = View\nregion = ${region}\n\n`;
}

function buildProfiles(toText: (index: number) => string): string {
  return Array.from({ length: 4000 }, (_, index) => toText(index)).join("");
}

describe("a unified diff", () => {
  test("gives the new text when it is applied to the old one", { tags: ["long"] }, () => {
    fc.assert(
      fc.property(lines, lines, fc.boolean(), (one, other, isEnded) => {
        const before = one.join("");
        const after = isEnded ? other.join("") : other.join("").trimEnd();
        const diff = formatUnifiedDiff(before, after, "config");
        expect(diff === "").toBe(before === after);
        if (diff !== "") expect(applyPatch(before, diff)).toBe(after);
      }),
      { numRuns: 3000, seed: SEED },
    );
  });

  test("shows no secret, in removed, added or unchanged lines", () => {
    const before = "[profile a]\naws_secret_access_key = one\nregion = x\n";
    const after = "[profile a]\naws_secret_access_key = one\nregion = y\naws_session_token: two\n";
    for (const [from, to] of [
      [before, after],
      [after, before],
    ] as const) {
      const diff = formatUnifiedDiff(from, to, "config");
      expect(diff).toContain(" aws_secret_access_key = …\n");
      expect(diff).toMatch(/^[-+]aws_session_token: …$/m);
      expect(diff).not.toMatch(/one|two/);
    }
  });

  test(
    "of 4,000 profiles shows each change at its place in a short time, even if all names change",
    { tags: ["long"] },
    () => {
      const before = buildProfiles((index) => profileText(index, "eu-west-1"));
      const versions = [
        buildProfiles((index) => profileText(index, "us-east-1")),
        buildProfiles((index) =>
          profileText(index, "eu-west-1").replace("[profile p", "[profile q"),
        ),
        buildProfiles((index) => profileText(index, "eu-west-1") + profileText(index + 5000, "x")),
        buildProfiles((index) => (index % 2 === 0 ? profileText(index, "eu-west-1") : "")),
      ];
      for (const after of versions) {
        const { user: started } = process.cpuUsage();
        const diff = formatUnifiedDiff(before, after, "config");
        // 0.2 s on an idle machine; a quadratic comparison takes more than 20 s.
        expect((process.cpuUsage().user - started) / 1e6).toBeLessThan(3);
        expect(diff.match(/^[-+]sso_account_id/gm)?.length ?? 0).toBeLessThan(4001);
        expect(applyPatch(before, diff)).toBe(after);
      }
    },
  );
});
