import { describe, expect, test } from "vitest";
import { createHome, createSignedInHome, SESSION_CONFIG } from "../support/home.ts";

/** How each command treats a misspelt region, and an unknown region that may be new. */

const ROLE = ["--account-id", "100000000001", "--role-name", "Admin"];
const PLACE = ["--start-url", "https://emu.awsapps.com/start"];

/** Every command that writes a region. */
const WRITERS: ReadonlyArray<readonly [command: string, words: (region: string) => string[]]> = [
  [
    "configure --region",
    (region) => [
      "configure",
      "--profile",
      "a",
      "--sso-session",
      "corp",
      ...ROLE,
      "--region",
      region,
      "--yes",
    ],
  ],
  [
    "configure --sso-region",
    (region) => [
      "configure",
      "--profile",
      "a",
      "--sso-session",
      "n",
      ...ROLE,
      ...PLACE,
      "--sso-region",
      region,
      "--yes",
    ],
  ],
  [
    "configure session",
    (region) => [
      "configure",
      "session",
      "--sso-session",
      "n",
      ...PLACE,
      "--sso-region",
      region,
      "--yes",
    ],
  ],
  ["profiles sync", (region) => ["profiles", "sync", "--region", region, "--yes"]],
  ["settings", (region) => ["settings", "default-region", region]],
];

describe.each(WRITERS)("%s", (_, toWords) => {
  test(
    "refuses a misspelt region with a suggestion, accepts it with --force, and prints a notice for an unknown region",
    { tags: ["long"] },
    async () => {
      const home = await createSignedInHome();
      const config = home.read(".aws/config");
      const slip = await home.run(toWords("us-esat-1"));
      expect(slip).toMatchObject({ exitCode: 2, stdout: "" });
      expect(slip.stderr).toContain("Did you mean us-east-1?");
      expect(home.read(".aws/config")).toBe(config);

      const born = await home.run(toWords("us-east-9"));
      expect(born.exitCode, born.stderr).toBe(0);
      expect(born.stderr).toContain("us-east-9 is not a region that this version knows");

      const forced = await home.run([...toWords("us-esat-1"), "--force"]);
      expect(forced.exitCode, forced.stderr).toBe(0);

      const known = await home.run([...toWords("eu-west-1"), "--force"]);
      expect(known.exitCode, known.stderr).toBe(0);
      expect(known.stderr).not.toContain("this version knows");
    },
  );
});

test("a region that the config has already is used and kept", async () => {
  const home = await createHome();
  home.write(".aws/config", `${SESSION_CONFIG}[profile x]\nregion = us-esat-1\n`);
  const words = ["configure", "--profile", "x", "--sso-session", "corp", ...ROLE, "--yes"];
  expect(await home.run([...words, "--region", "us-esat-1"])).toMatchObject({ exitCode: 0 });
  expect(home.read(".aws/config")).toContain("region = us-esat-1\n");
});
