import { join } from "node:path";
import { expect, test } from "vitest";
import { createSignedInHome } from "../support/home.ts";
import { runAwsCli, fetchIdentity, readByClients } from "./clients.ts";
import type { SyncJson } from "../../src/commands/profiles/sync.ts";
import { patience } from "../support/patience.ts";

/** What a sync writes for a whole organization, as all clients read it. */

const BEFORE =
  "# kept by hand\n[default]\nregion=eu-west-9\ns3 =\n    max_concurrent_requests = 20\n\n[sso-session corp]\nsso_start_url = https://emu.awsapps.com/start\nsso_region = us-east-1\nsso_registration_scopes = sso:account:access\n";

test.each([
  ["with LF", BEFORE],
  ["with CRLF", BEFORE.replaceAll("\n", "\r\n")],
])(
  "50 accounts with 3 roles each are the same 150 profiles to botocore, JavaScript, Go and the AWS CLI, %s",
  { timeout: patience(120_000) },
  async (_, before) => {
    const home = await createSignedInHome({ org: { accounts: 50, roles: 3 } });
    const file = home.write(".aws/config", before);
    const { add } = await home.runJson<SyncJson>([
      "profiles",
      "sync",
      "--region",
      "eu-west-1",
      "--yes",
    ]);
    const expected: Record<string, Record<string, string>> = Object.fromEntries(
      add.map(({ profile, accountId, roleName }) => [
        profile,
        {
          sso_session: "corp",
          sso_account_id: accountId,
          sso_role_name: roleName,
          region: "eu-west-1",
          latchkey_managed: "corp",
        },
      ]),
    );
    const names = Object.keys(expected);
    expect(names).toHaveLength(150);
    const seen = await readByClients(home, file, names);
    for (const reader of ["boto3", "JavaScript"] as const) {
      expect(Object.keys(seen[reader]).toSorted(), reader).toEqual(
        ["default", ...names].toSorted(),
      );
      for (const name of names)
        expect(seen[reader][name], `${reader} ${name}`).toMatchObject(expected[name]!);
    }
    for (const name of names)
      expect(seen.Go[name], `Go ${name}`).toMatchObject({
        sso_session: "corp",
        sso_account_id: expected[name]!["sso_account_id"],
        sso_role_name: expected[name]!["sso_role_name"],
        region: "eu-west-1",
      });
    expect(
      (await runAwsCli(home, ["configure", "list-profiles"])).stdout.trim().split("\n").toSorted(),
    ).toEqual(["default", ...names].toSorted());
    const [name = ""] = names;
    const caller = await fetchIdentity("AWS CLI", home, name);
    expect(caller.exitCode, caller.stderr).toBe(0);
    expect(caller.stdout).toContain(
      `${expected[name]!["sso_account_id"]}:assumed-role/AWSReservedSSO_${expected[name]!["sso_role_name"]}_`,
    );
    expect(join(home.path, ".aws/config")).toBe(file);
    expect(await home.run(["profiles", "undo"])).toMatchObject({ exitCode: 0 });
    expect(home.read(".aws/config")).toBe(before);
  },
);
