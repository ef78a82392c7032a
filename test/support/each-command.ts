import { runScript } from "./commands.ts";
import { OKTA_ROLE } from "./session-config.ts";

/** Every command of the manifest once, run in this order in one signed-in home, with its output or its refusal. */

const FORM = ["--sso-session", "corp", "--account-id", "100000000002"];
const ROLE = ["--role-name", "ViewOnlyAccess", "--region", "eu-west-1"];

/** The command, its arguments, its exit code, and a pattern for its output on either stream. */
export const EVERY_COMMAND: ReadonlyArray<readonly [string, readonly string[], number, RegExp]> = [
  ["status", [], 0, /corp/],
  ["accounts", [], 0, /100000000001/],
  ["roles", [], 0, /ViewOnlyAccess/],
  ["access:diff", [], 0, /./],
  ["credential-process", OKTA_ROLE, 0, /"AccessKeyId":"ASIA/],
  ["whoami", ["okta"], 0, /100000000001/],
  ["export", ["okta", "--format", "powershell"], 0, /^\$Env:AWS_ACCESS_KEY_ID="?'?ASIA/m],
  ["console", ["okta", "--print"], 0, /SigninToken=/],
  ["exec", ["okta", "--", ...runScript("console.log(process.env.AWS_ACCOUNT_ID);")], 0, /^100/m],
  ["use", ["okta"], 2, /shell-init/],
  ["shell-init", ["powershell"], 0, /latchkey/],
  ["completion", ["powershell"], 0, /latchkey/],
  ["favourite", ["okta"], 0, /is a favourite/],
  ["configure", ["--profile", "new", ...FORM, ...ROLE, "--yes"], 0, /Wrote the profile/],
  [
    "configure:session",
    [
      ...["--sso-session", "other", "--start-url", "https://other.awsapps.com/start"],
      ...["--sso-region", "us-east-1", "--yes"],
    ],
    0,
    /other/,
  ],
  ["profiles", [], 0, /okta/],
  ["profiles:rename", ["new", "newer", "--yes"], 0, /newer/],
  ["profiles:rm", ["newer", "--yes"], 0, /newer/],
  ["profiles:undo", ["--yes"], 0, /./],
  ["profiles:sync", ["--sso-session", "corp", "--yes"], 0, /./],
  ["sessions", [], 0, /other/],
  ["sessions:rm", ["other", "--yes"], 0, /other/],
  ["settings", [], 0, /default-region/],
  ["import", ["granted"], 7, /Nothing of granted/],
  ["explain", ["Error loading SSO Token: Token for corp does not exist"], 0, /corp/],
  ["doctor", ["--offline"], 0, /ok/],
  ["federation:policy", [], 0, /"Statement"/],
  ["federation:metadata", ["missing.xml"], 2, /missing\.xml/],
  ["federation:scim", ["--endpoint", "http://127.0.0.1:9/t/scim/v2"], 2, /token/i],
  ["federation:check", [], 0, /12 skipped/],
  ["federation:why", [], 2, /./],
  ["federation:assign", [], 2, /./],
  ["federation:access", ["--help"], 0, /USAGE/],
  ["emulator", ["--help"], 0, /USAGE/],
  ["demo", ["--help"], 0, /USAGE/],
  ["update", [], 0, /latchkey update --check/],
  ["logout", ["--all"], 0, /./],
  ["login", ["--no-browser"], 0, /corp/],
];
