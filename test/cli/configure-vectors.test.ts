import { linkSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createHome } from "../support/home.ts";
import { loadVectors } from "../support/vectors.ts";

/** The recorded runs of `aws configure sso` (AWS CLI 2.36.7), with the flags that give the same answers. */
const rows = loadVectors().configure_sso;
const findRow = (id: string): { before: string | undefined; after: string } => {
  const row = rows.find((candidate) => candidate.id === id);
  return { before: row?.config_before, after: row?.config_after ?? "" };
};

const PLACE = ["--start-url", "https://d-123.awsapps.com/start", "--sso-region", "us-east-1"];
const ROLE = ["--account-id", "111111111111", "--role-name", "Admin", "--yes"];

describe("configure_sso: what the AWS CLI wrote for the same answers", () => {
  test("every row is covered", () => {
    expect(rows.map(({ id }) => id)).toEqual([
      "legacy",
      "existing-session-with-space",
      "default-profile",
      "sso-session",
    ]);
  });

  test("legacy: byte for byte", async () => {
    const home = await createHome();
    await home.run(["configure", "--profile", "leg", "--form", "legacy", ...PLACE, ...ROLE]);
    expect(home.read(".aws/config")).toBe(findRow("legacy").after);
  });

  test("default-profile: byte for byte, with AWS_REGION ignored and the scopes as typed", async () => {
    const home = await createHome();
    const { before, after } = findRow("default-profile");
    home.write(".aws/config", before ?? "");
    await home.run(
      [
        "configure",
        "--profile",
        "default",
        "--sso-session",
        "s1",
        ...PLACE,
        "--sso-registration-scopes",
        "a:b, c:d",
        ...ROLE,
      ],
      { env: { AWS_REGION: "ap-south-1" } },
    );
    expect(home.read(".aws/config")).toBe(after);
  });

  test(
    "existing-session-with-space: the session is found by its literal name; a new profile with a space exits 2",
    { tags: ["long"] },
    async () => {
      const home = await createHome();
      const { before, after } = findRow("existing-session-with-space");
      home.write(".aws/config", before ?? "");
      const refused = await home.run([
        "configure",
        "--profile",
        "my prof",
        "--sso-session",
        "my sso",
        ...ROLE,
      ]);
      expect(refused).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("my prof") });
      expect(home.read(".aws/config")).toBe(before);
      await home.run(["configure", "--profile", "my-prof", "--sso-session", "my sso", ...ROLE]);
      // One blank line more than the AWS CLI writes: every section of this file has one before it.
      expect(home.read(".aws/config")).toBe(
        after.replace("[profile 'my prof']", "\n[profile my-prof]"),
      );
      home.write(".aws/config", after);
      expect(
        await home.run([
          "configure",
          "--profile",
          "my prof",
          "--sso-session",
          "my sso",
          "--account-id",
          "222222222222",
          "--role-name",
          "Admin",
          "--yes",
        ]),
      ).toMatchObject({ exitCode: 0 });
      expect(home.read(".aws/config")).toBe(after.replace("111111111111", "222222222222"));
    },
  );

  test(
    "sso-session: a new name with a space exits 2, an existing one is edited whatever its spelling",
    { tags: ["long"] },
    async () => {
      const home = await createHome();
      const { after } = findRow("sso-session");
      expect(
        await home.run(["configure", "session", "--sso-session", "my sso", ...PLACE, "--yes"]),
      ).toMatchObject({ exitCode: 2 });
      expect(home.exists(".aws/config")).toBe(false);
      home.write(".aws/config", after);
      await home.run([
        "configure",
        "session",
        "--sso-session",
        "my sso",
        "--sso-registration-scopes",
        "a:b",
        "--yes",
      ]);
      expect(home.read(".aws/config")).toBe(after.replace("sso:account:access", "a:b"));
      await home.run(["configure", "session", "--sso-session", "mysso", ...PLACE, "--yes"]);
      expect(home.read(".aws/config")).toBe(
        `${after.replace("sso:account:access", "a:b")}${after.replace("'my sso'", "mysso")}`,
      );
    },
  );
});

describe("files that can't simply be replaced", () => {
  test("a file with a second name is written in place, with a notice, and both names show the change", async () => {
    const home = await createHome();
    home.write(".aws/config", "# mine\n");
    linkSync(join(home.path, ".aws/config"), join(home.path, "other-name"));
    const result = await home.run([
      "configure",
      "--profile",
      "leg",
      "--form",
      "legacy",
      ...PLACE,
      ...ROLE,
    ]);
    expect(result).toMatchObject({
      exitCode: 0,
      stderr: expect.stringContaining("written in place"),
    });
    expect(home.read("other-name")).toBe(`# mine\n${findRow("legacy").after}`);
    expect(statSync(join(home.path, ".aws/config")).nlink).toBe(2);
    expect(home.list(".aws/latchkey/backups")).toHaveLength(1);
  });

  test("a byte order mark and a byte that is not UTF-8 stay unchanged and are reported", async () => {
    const home = await createHome();
    const before = Buffer.concat([
      Buffer.from("\u{feff}# caf"),
      Buffer.from([0xe9]),
      Buffer.from("\n[profile other]\nregion = x\n"),
    ]);
    home.write(".aws/config", "");
    (await import("node:fs")).writeFileSync(join(home.path, ".aws/config"), before);
    const result = await home.run([
      "configure",
      "--profile",
      "leg",
      "--form",
      "legacy",
      ...PLACE,
      ...ROLE,
    ]);
    expect(result.exitCode, result.stderr).toBe(0);
    expect(result.stderr).toContain("a byte order mark in line 1");
    expect(result.stderr).toContain("a byte that is not UTF-8 in line 1");
    expect(
      readFileSync(join(home.path, ".aws/config")).subarray(0, before.length).equals(before),
    ).toBe(true);
  });
});
