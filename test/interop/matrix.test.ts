import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createHome, expireTokenFile, type Home } from "../support/home.ts";
import {
  runAwsCli,
  CLIENTS,
  clearRoleCaches,
  fetchIdentity,
  requireClients,
  type Client,
} from "./clients.ts";
import { patience } from "../support/patience.ts";

/** client × form × login × fresh or expired: each cell runs a process of that client that calls GetCallerIdentity. */
const FORMS = ["sso-session", "legacy", "credential-process"] as const;
const LOGINS = ["latchkey", "AWS CLI"] as const;
const STATES = ["fresh", "expired"] as const;
const ARN =
  /^arn:aws:sts::100000000001:assumed-role\/AWSReservedSSO_ViewOnlyAccess_[0-9a-f]{16}\/okta\.user@example\.com$/;

/** A legacy token can't be refreshed: each client reports it in its own words. */
const EXPIRED_WORDS: Readonly<Record<Client, RegExp>> = {
  "AWS CLI": /The SSO session associated with this profile has expired or is otherwise invalid/,
  boto3: /The SSO session associated with this profile has expired or is otherwise invalid/,
  JavaScript: /The SSO session associated with this profile has expired/,
  Go: /the SSO session has expired or is invalid/,
};

const done: string[] = [];

beforeAll(() => {
  requireClients();
});

afterAll(() => {
  console.log(["", "client × form × login × token", ...done, `${done.length} cells`].join("\n"));
});

async function createSignedInHome(
  form: (typeof FORMS)[number],
  login: (typeof LOGINS)[number],
): Promise<Home> {
  const home = await createHome({ autoApprove: { afterPolls: 0 }, rotation: { mode: "reuse" } });
  const session = form === "legacy" ? [] : ["--sso-session", "corp"];
  const configured = await home.run([
    "configure",
    "--form",
    form,
    "--profile",
    "okta",
    ...session,
    "--start-url",
    "https://emu.awsapps.com/start",
    "--sso-region",
    "us-east-1",
    "--account-id",
    "100000000001",
    "--role-name",
    "ViewOnlyAccess",
    "--region",
    "us-east-1",
    "--yes",
  ]);
  expect(configured.exitCode, configured.stderr).toBe(0);
  const who = form === "credential-process" ? ["--sso-session", "corp"] : ["--profile", "okta"];
  const result =
    login === "latchkey"
      ? await home.run(["login", "--no-browser", ...who])
      : await runAwsCli(home, ["sso", "login", "--no-browser", ...who]);
  expect(result.exitCode, result.stderr).toBe(0);
  return home;
}

/** Finds the one file in the shared cache with a token. The AWS CLI's registration is beside it. */
function findTokenFile(home: Home): string {
  const [name] = home
    .list(".aws/sso/cache")
    .filter((candidate) => "accessToken" in home.readJson<object>(`.aws/sso/cache/${candidate}`));
  return `.aws/sso/cache/${name}`;
}

describe.each(FORMS.flatMap((form) => LOGINS.map((login) => ({ form, login }))))(
  "a profile in the $form form, after a login by $login",
  ({ form, login }) => {
    test(
      "serves every client, also when its token has just expired",
      { timeout: patience(180_000) },
      async () => {
        const home = await createSignedInHome(form, login);
        const file = findTokenFile(home);
        const token = home.read(file);
        for (const state of STATES) {
          // The legacy token expires at the service as well, since some clients do not check it themselves.
          if (form === "legacy" && state === "expired") home.emulator.expireAccessTokens();
          for (const client of CLIENTS) {
            const cell = `${client} × ${form} × ${login} × ${state}`;
            clearRoleCaches(home);
            home.write(file, token);
            if (state === "expired") expireTokenFile(home, file);
            home.emulator.journal.clear();
            const { exitCode, stdout, stderr } = await fetchIdentity(client, home, "okta");
            const refreshes = home.emulator.journal.count("CreateToken", {
              grantType: "refresh_token",
            });
            const callers = home.emulator.journal.entries({
              route: "GetCallerIdentity",
              status: 200,
            });
            if (form === "legacy" && state === "expired") {
              expect(exitCode, cell).not.toBe(0);
              expect(stderr, cell).toMatch(EXPIRED_WORDS[client]);
              expect([refreshes, callers.length], cell).toEqual([0, 0]);
            } else {
              expect(exitCode, `${cell}: ${stderr}`).toBe(0);
              expect(stdout.trim(), cell).toMatch(ARN);
              expect([callers.length, callers[0]?.arn], cell).toEqual([1, stdout.trim()]);
              expect(refreshes, cell).toBe(state === "expired" ? 1 : 0);
            }
            done.push(cell);
          }
        }
      },
    );
  },
);

test("every cell was run", () => {
  expect(new Set(done).size).toBe(CLIENTS.length * FORMS.length * LOGINS.length * STATES.length);
});
