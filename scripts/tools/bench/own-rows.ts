// The rows that measure only latchkey, on Node: the commands, and the output that each must print.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { accessDirectory } from "../../../src/fs/paths.ts";
import { tokenCacheKey } from "../../../src/model/sso-session.ts";
import { isRecord, parseJson } from "../../../src/text/json.ts";
import { NODE_PROGRAM } from "../../../test/support/program.ts";
import { OKTA_ROLE } from "../../../test/support/session-config.ts";
import type { Place } from "../place.ts";

export interface OwnRow {
  readonly name: string;
  /** Returns Node's arguments; called for every sample. */
  readonly argv: () => readonly string[];
  readonly isGood: (stdout: string) => boolean;
  /** Called before every sample. */
  readonly prepare?: () => void;
  readonly variables?: Readonly<Record<string, string>>;
  /** The file used as stdin. */
  readonly input?: string;
}

export const BARE_NODE: OwnRow = {
  name: "node -e 0",
  argv: () => ["-e", "0"],
  isGood: () => true,
};

export const READ_AND_HASHED = "a config of 10 MB: read and hashed by bare Node";
export const CONFIG_COMMANDS = ["profiles", "configure"] as const;
export type ConfigSize = "one profile" | "10 MB";

const PROFILES = 10_000;
const [, PROGRAM] = NODE_PROGRAM;

/** Returns the name of the row for a command on a config of this size. */
export function nameConfigRow(size: ConfigSize, command: (typeof CONFIG_COMMANDS)[number]): string {
  return `a config of ${size}: ${command}`;
}

export function findBigConfig({ home }: Place): string {
  return join(home, "big-config");
}

export function listOwnRows(place: Place): OwnRow[] {
  const { home } = place;
  const bigConfig = findBigConfig(place);
  const smallConfig = join(home, "small-config");
  writeFileSync(bigConfig, createConfig(PROFILES));
  writeFileSync(smallConfig, createConfig(1));
  return [
    {
      name: "credential-process, cold: role credentials",
      argv: () => [PROGRAM, "credential-process", ...OKTA_ROLE],
      prepare: () => place.dropRoles(),
      isGood: (stdout) => typeof readMember(stdout, "AccessKeyId") === "string",
    },
    {
      name: "completion of a profile's name",
      argv: () => [PROGRAM, "__complete", "zsh", "whoami", "ok"],
      isGood: (stdout) => stdout.startsWith("okta\t"),
    },
    ...listRoleRows(home, smallConfig),
    ...[1, 1_000, 2_000].map((kilobytes) => createLogRow(home, kilobytes)),
    ...listConfigRows("one profile", smallConfig, 1),
    {
      name: READ_AND_HASHED,
      argv: () => [
        "-e",
        `const { readFileSync } = require("node:fs"); require("node:crypto").createHash("sha256").update(readFileSync(${JSON.stringify(bigConfig)})).digest()`,
      ],
      isGood: () => true,
    },
    ...listConfigRows("10 MB", bigConfig, PROFILES),
  ];
}

/** Returns rows for completions of ACCOUNT/ROLE. The session's last listing has 10,000 roles. */
function listRoleRows(home: string, config: string): OwnRow[] {
  const other = join(home, "completing");
  const listing = accessDirectory(other, tokenCacheKey("corp"));
  const accounts = Array.from({ length: 200 }, (_, at) => ({
    accountId: String(100_000_000_000 + at),
    accountName: `team${at}-prod`,
    roleNames: Array.from({ length: 50 }, (_role, role) => `Deploy${role}Access`),
  }));
  mkdirSync(listing, { recursive: true });
  for (const name of ["accounts", "roles"])
    writeFileSync(join(listing, `${name}.json`), JSON.stringify({ version: 1, accounts }));
  const createRow = (name: string, typed: string, lines: number): OwnRow => ({
    name,
    argv: () => [PROGRAM, "__complete", "zsh", "use", typed],
    isGood: (stdout) => stdout.split("\n").length === lines + 2,
    variables: { HOME: other, AWS_CONFIG_FILE: config },
  });
  return [
    createRow("completion of ACCOUNT/, 10,000 roles", "", 200),
    createRow("completion of ACCOUNT/ROLE, 10,000 roles", "team17-prod/", 50),
  ];
}

/**
 * Creates the row for a log whose last line is the error. The row for one kilobyte shows the time of the start; the
 * difference to it is the time for the text.
 */
function createLogRow(home: string, kilobytes: number): OwnRow {
  const input = join(home, `log-${kilobytes}`);
  const line = "2026-11-29T10:00:00Z [INFO] aws_vpc.main: Refreshing state... [id=vpc-0a1b2c3d]\n";
  const error = "Error: failed to get shared config profile, ghost\n";
  writeFileSync(input, line.repeat(Math.ceil((kilobytes * 1_000) / line.length)) + error);
  return {
    name: `explain --offline, a log of ${kilobytes} KB`,
    argv: () => [PROGRAM, "explain", "--offline", "--json"],
    isGood: (stdout) => readMember(stdout, "cause") === "profile-missing",
    input,
  };
}

/**
 * Returns rows for the same commands on a small and a large file. The small file shows the time of the start; the
 * difference to it is the time for the file.
 */
function listConfigRows(size: ConfigSize, file: string, profiles: number): OwnRow[] {
  const middle = `account-${String(Math.floor(profiles / 2)).padStart(5, "0")}`;
  const account = OKTA_ROLE.slice(0, 4);
  const configure = [PROGRAM, "configure", "--profile", middle, ...account, "--json", "--yes"];
  const variables = { AWS_CONFIG_FILE: file };
  let edits = 0;
  return [
    {
      name: nameConfigRow(size, "profiles"),
      argv: () => [PROGRAM, "profiles", "--json"],
      isGood: (stdout) => countMembers(parseJson(stdout)) === profiles,
      variables,
    },
    {
      name: nameConfigRow(size, "configure"),
      // Every run sets a different role, so that every run edits the file.
      argv: () => [...configure, "--role-name", `Role${(edits += 1)}`],
      isGood: (stdout) => countMembers(readMember(stdout, "changes")) === 1,
      variables,
    },
  ];
}

function readMember(stdout: string, name: string): unknown {
  const printed = parseJson(stdout);
  return isRecord(printed) ? printed[name] : undefined;
}

function countMembers(list: unknown): number | undefined {
  return Array.isArray(list) ? list.length : undefined;
}

/** Creates a config with realistic profiles of a kilobyte each, with comments, blank lines and a nested block. */
function createConfig(profiles: number): string {
  const session = `[sso-session corp]\nsso_start_url = https://emu.awsapps.com/start\nsso_region = us-east-1\nsso_registration_scopes = sso:account:access\n`;
  const createProfile = (index: number): string =>
    `\n# ${"kept in step by hand, do not rename. ".repeat(21)}\n[profile account-${String(index).padStart(5, "0")}]\nsso_session = corp\nsso_account_id = 100000000001\n` +
    "sso_role_name = ViewOnlyAccess\nregion = eu-west-1\noutput = json\ns3 =\n  max_concurrent_requests = 20\n  addressing_style = path\n";
  return session + Array.from({ length: profiles }, (_, index) => createProfile(index)).join("");
}
