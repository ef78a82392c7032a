import { expect, test } from "vitest";
import { createSignedInHome } from "../support/home.ts";
import { OKTA_ROLE } from "../support/session-config.ts";

/** Kind 1: names that others choose, in a line that shells run. */

test.each(["z|>canary", "$(id)", "a`id`", "b;id>x", "a b"])(
  "1a: the role name %j, which AWS doesn't allow, is refused wherever it is given, and written nowhere",
  async (name) => {
    const home = await createSignedInHome();
    const before = home.read(".aws/config");
    const role = ["--sso-session", "corp", "--account-id", "100000000001", "--role-name", name];
    for (const argv of [
      ["configure", "--profile", "x", ...role, "--form", "credential-process", "--yes"],
      ["credential-process", ...OKTA_ROLE.slice(0, -1), name],
    ]) {
      const result = await home.run(argv);
      expect(result, argv.join(" ")).toMatchObject({ stdout: "" });
      expect([2, 7]).toContain(result.exitCode);
    }
    expect(home.read(".aws/config")).toBe(before);
  },
);
