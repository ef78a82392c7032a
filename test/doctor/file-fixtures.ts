import { join } from "node:path";
import { settingsDirectory } from "../../src/fs/paths.ts";
import { NO_MODES } from "../support/windows.ts";
import { BASE, CORP_TOKEN, tokenText, type Fixture, type Machine } from "./machine.ts";

/** Fixtures for file modes and tools. */

const SECRETS = `${BASE}[profile b]\naws_access_key_id = AKIAEXAMPLE\naws_secret_access_key = example\n`;

const withConfigMode = (mode: number): Machine => ({ modes: { ".aws/config": mode } });
const SETTINGS = join(settingsDirectory("", {}), "settings.json");

const FILES: readonly Fixture[] = [
  {
    id: "token-exposed",
    bad: { token: tokenText(), modes: { [CORP_TOKEN]: 0o644 } },
    near: { token: tokenText(), modes: { [CORP_TOKEN]: 0o400 } },
  },
  {
    id: "credentials-exposed",
    bad: { credentials: "", modes: { ".aws/credentials": 0o640 } },
    near: { credentials: "", modes: { ".aws/credentials": 0o600 } },
  },
  {
    id: "config-secrets-exposed",
    bad: { config: SECRETS, ...withConfigMode(0o644) },
    near: { config: SECRETS, ...withConfigMode(0o600) },
  },
  { id: "config-readable", bad: withConfigMode(0o644), near: withConfigMode(0o600) },
  { id: "file-writable", bad: withConfigMode(0o620), near: withConfigMode(0o700) },
  {
    id: "directory-writable",
    bad: { modes: { ".aws": 0o777 } },
    near: { modes: { ".aws": 0o755 } },
  },
  {
    id: "own-directory-exposed",
    bad: { directories: [".aws/latchkey"], modes: { ".aws/latchkey": 0o770 } },
    near: { directories: [".aws/latchkey"], modes: { ".aws/latchkey": 0o755 } },
  },
  {
    id: "files-of-another-user",
    bad: { observed: { foreign: [{ path: "/x", owner: "root", cure: "sudo chown jane /x" }] } },
    near: { directories: [".aws/latchkey"] },
  },
  {
    id: "settings-not-believed",
    bad: { files: { [SETTINGS]: "{}" }, modes: { [SETTINGS]: 0o660 } },
    near: { files: { [SETTINGS]: "{}" }, modes: { [SETTINGS]: 0o644 } },
  },
  {
    id: "disk-without-modes",
    bad: { observed: { obstacle: { kind: "no-modes", path: "/mnt/c/Users/Jane Doe/.aws" } } },
    near: { observed: { obstacle: { kind: "unwritable", path: "/home/jane/.aws" } } },
  },
];

const TOOLS: readonly Fixture[] = [
  {
    id: "aws-cli-1",
    bad: { programs: { aws: "aws-cli/1.45.11 Python/3.11.7 botocore/1.43.11" } },
    near: { programs: { aws: "aws-cli/2.9.19 Python/3.11.2" } },
  },
  {
    id: "aws-cli-old",
    bad: { programs: { aws: "aws-cli/2.8.13 Python/3.9.11" } },
    near: { programs: { aws: "aws-cli/2.9.0 Python/3.9.11" } },
  },
  {
    id: "terraform-old",
    bad: { programs: { terraform: "Terraform v1.5.7" } },
    near: { programs: { terraform: "Terraform v1.6.0" } },
  },
];

export const FILE_FIXTURES: readonly Fixture[] = [
  ...FILES.map((fixture) => ({ ...fixture, notOnWindows: NO_MODES })),
  ...TOOLS,
];
