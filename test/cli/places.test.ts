/** @module-tag long */
import { chmodSync, chownSync, lstatSync, mkdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect } from "vitest";
import { CORP_TOKEN, SESSION_CONFIG, type Home } from "../support/home.ts";
import {
  createPlainHome,
  createSignedInHomeOf,
  giveAway,
  listOwnedBy,
  mountWithoutModes,
  mountReadOnly,
  NOBODY,
  PROCESS,
  runAs,
  testAsRoot,
  workADay,
} from "../support/places.ts";

const STATE = ".local/state/latchkey";
const ON_WINDOWS = "mnt/c/Users/Jane Doe/.aws";

describe("a disk without modes under ~/.aws", () => {
  testAsRoot(
    "in WSL, with a link to Windows' side: serves everything, prints one notice, and keeps its own state elsewhere",
    async () => {
      const home = await createPlainHome();
      const shared = mountWithoutModes(home, { at: ON_WINDOWS });
      home.write("real/config", SESSION_CONFIG.replaceAll("\n", "\r\n"));
      home.write("bin/wslview", `#!/bin/sh\nprintf '%s\\n' "$@" >> ${home.path}/opened\n`, 0o755);
      giveAway(join(home.path, "real"), NOBODY);
      const PATH = `${home.path}/bin:${home.env["PATH"]}`;
      const said = await workADay(NOBODY, home, {
        profile: "second",
        env: { WSL_DISTRO_NAME: "Debian", PATH },
      });
      expect(said.match(/keeps no modes/g)).toHaveLength(1);
      expect(said).toContain(`latchkey keeps its own state in ${join(home.path, STATE)}`);
      expect(home.read("opened").trim()).toBe(/Open {3}(\S+)/.exec(said)?.[1]);
      expect(lstatSync(join(home.path, ".aws")).isSymbolicLink()).toBe(true);
      expect(home.list("real").toSorted()).toEqual(["config", "sso"]);
      expect(home.read("real/config")).toMatch(/^(.+\r\n)+$/);
      expect(home.read("real/config")).toContain("[profile second]\r\n");
      expect(statSync(join(home.path, STATE)).mode & 0o777).toBe(0o700);
      const { stdout } = await runAs(NOBODY, home, ["doctor", "--offline"]);
      expect(stdout).toContain("disk-without-modes");
      expect(stdout).not.toMatch(/chmod|chown/);
      expect(await runAs(NOBODY, home, ["logout", "--all"])).toMatchObject({ exitCode: 0 });
      expect(home.list("real/sso/cache")).toEqual([]);
      expect(shared).toBe(join(home.path, ON_WINDOWS));
    },
  );

  testAsRoot("works also if one other user owns everything on it", async () => {
    const home = await createSignedInHomeOf(NOBODY);
    const options = ["--force-user=root", "--force-group=root", "--chown-ignore"];
    mountWithoutModes(home, { options });
    expect(await runAs(NOBODY, home, PROCESS)).toMatchObject({ exitCode: 0 });
    expect(await runAs(NOBODY, home, ["exec", "okta", "--", "true"])).toMatchObject({
      exitCode: 0,
    });
    expect(home.emulator.journal.count("GetRoleCredentials")).toBe(1);
  });
});

describe("files of other users", () => {
  testAsRoot(
    "root can use them, and all files that root creates belong to the home's owner",
    async () => {
      const home = await createPlainHome();
      await workADay(0, home, { profile: "second", argv: ["--no-browser"] });
      expect(await runAs(0, home, ["settings", "time", "24h"])).toMatchObject({ exitCode: 0 });
      expect(listOwnedBy(home.path, 0)).toEqual([]);
      expect(await runAs(NOBODY, home, PROCESS)).toMatchObject({ exitCode: 0, stderr: "" });
    },
  );

  testAsRoot(
    "files that root has created are reported with the fix, and stop nothing from working",
    async () => {
      const home = await createSignedInHomeOf(NOBODY);
      giveAway(join(home.path, ".aws/latchkey"), 0);
      const said = await workADay(NOBODY, home, { profile: "second" });
      expect(said).toContain(".aws/latchkey belongs to root");
      chownSync(join(home.path, CORP_TOKEN), 0, 0);
      const { stdout } = await runAs(NOBODY, home, ["doctor", "--offline", "--all"]);
      expect(stdout).toContain(`sudo chown -R nobody ${home.path}/.aws/latchkey`);
      expect(stdout).toContain(`sudo chown nobody ${join(home.path, CORP_TOKEN)}`);
      expect(stdout).not.toContain("token-unreadable");
    },
  );

  testAsRoot(
    "a token directory that belongs to root stops every command that needs the token, with the chown command",
    async () => {
      const home = await createSignedInHomeOf(NOBODY);
      giveAway(join(home.path, ".aws/sso"), 0);
      chmodSync(join(home.path, ".aws/sso"), 0o700);
      for (const argv of [["login", "--no-browser"], PROCESS, ["whoami", "okta"], ["accounts"]])
        expect(await runAs(NOBODY, home, argv), argv.join(" ")).toMatchObject({
          exitCode: 8,
          stdout: "",
          stderr: expect.stringContaining(`sudo chown -R nobody ${home.path}/.aws/sso\n`),
        });
      expect(home.emulator.journal.entries()).toEqual([]);
    },
  );
});

interface Place {
  readonly title: string;
  readonly user?: number;
  readonly prepare: (home: Home) => void;
  /** A part of stderr. */
  readonly said?: string;
  /** The directory of the cached credentials, if they are cached. */
  readonly kept?: string;
}

const KEPT = ".aws/latchkey/role-credentials";

const PLACES: readonly Place[] = [
  {
    title: "a state directory of root, for a user without a name",
    user: 4242,
    prepare: (home) => giveAway(join(home.path, ".aws/latchkey"), 0),
    said: "sudo chown -R 4242 ",
    kept: `${STATE}/role-credentials`,
  },
  {
    title: "another user's home and runtime directory, with a TMPDIR",
    prepare(home) {
      for (const path of ["", ".aws", ".aws/latchkey", "run"])
        chownSync(join(home.path, path), 0, 0);
      for (const path of ["", ".aws"]) chmodSync(join(home.path, path), 0o755);
    },
    said: ".aws/latchkey belongs to root",
    kept: `tmp/latchkey-${NOBODY}`,
  },
  {
    title: "a directory whose group is inherited",
    prepare: (home) => chmodSync(join(home.path, ".aws"), 0o2775),
    said: "",
    kept: KEPT,
  },
  {
    title: "a read-only mount",
    prepare: mountReadOnly,
    said: "the credentials could not be cached",
  },
];

describe("a valid token is served", () => {
  for (const { title, user = NOBODY, prepare, said, kept } of PLACES)
    testAsRoot(`in ${title}`, async () => {
      const home = await createSignedInHomeOf(user);
      for (const path of ["run", "tmp"]) mkdirSync(join(home.path, path), { mode: 0o700 });
      giveAway(home.path, user);
      prepare(home);
      const env = {
        XDG_RUNTIME_DIR: join(home.path, "run"),
        TMPDIR: join(home.path, "tmp"),
      };
      const result = await runAs(user, home, PROCESS, env);
      expect(result, result.stderr).toMatchObject({ exitCode: 0 });
      if (said === "") expect(result.stderr).toBe("");
      else expect(result.stderr).toContain(said);
      if (kept !== undefined) expect(home.list(kept)).toHaveLength(1);
    });
});
