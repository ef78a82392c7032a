import { rmSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createHome, SESSION_CONFIG } from "../support/home.ts";

test(
  "a directory that can't hold the token is reported before any request: exit 8",
  { tags: ["long"] },
  async () => {
    const home = await createHome({ autoApprove: { afterPolls: 0 } });
    home.write(".aws/config", SESSION_CONFIG);
    await home.run(["login", "--no-browser"]);
    rmSync(join(home.path, ".aws/sso"), { recursive: true });
    home.write(".aws/sso", "a file in the way\n");
    home.emulator.journal.clear();
    for (const argv of [["login"], ["login", "--force"], ["login", "--use-pkce"]]) {
      const result = await home.run([...argv, "--no-browser"]);
      expect(result, argv.join(" ")).toMatchObject({ exitCode: 8, stdout: "" });
      expect(result.stderr).toContain(join(home.path, ".aws/sso/cache"));
      expect(result.stderr).not.toMatch(/Code {3}|Open {3}/);
    }
    expect(home.emulator.journal.entries()).toEqual([]);
  },
);
