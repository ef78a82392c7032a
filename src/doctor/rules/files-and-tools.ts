import type { ConfigDocument } from "../../aws-config/document.ts";
import { quoteShellWord } from "../../text/shell-words.ts";
import type { ObservedPath, ObservedTool } from "../observations.ts";
import { hit } from "../hit.ts";
import { notice, warn, type Judge, type Rule } from "../rule.ts";

/** Rules for file permissions, and for versions of tools that can't use the config. */

/** Permission bits that should not be set, and the chmod mode that removes them. */
interface Exposure {
  readonly bits: number;
  readonly what: string;
  /** The argument for chmod. */
  readonly mode: string;
}

const OTHERS_READ: Exposure = { bits: 0o044, what: "can be read by others", mode: "600" };
const OTHERS_WRITE: Exposure = { bits: 0o022, what: "can be written by others", mode: "go-w" };
const EVERYBODY_WRITES: Exposure = {
  bits: 0o002,
  what: "can be written by everyone",
  mode: "go-w",
};
const OTHERS_READ_SECRETS: Exposure = {
  ...OTHERS_READ,
  what: "contains secret keys and can be read by others",
};

export const FILE_RULES: readonly Rule[] = [
  warn("token-exposed", {
    looksFor: "a token file that others can read",
    readers:
      "anyone who reads it can act as you in every account; AWS clients do not check the mode",
    judge: eachOpenPath(["token"], OTHERS_READ),
  }),
  warn("credentials-exposed", {
    looksFor: "a credentials file that others can read",
    readers: "anyone who reads it can use its keys; AWS clients do not check the mode",
    judge: eachOpenPath(["credentials"], OTHERS_READ),
  }),
  warn("config-secrets-exposed", {
    looksFor: "a config with secret keys that others can read",
    readers: "anyone who reads it can use its keys; AWS clients do not check the mode",
    judge: (seen) =>
      hasSecrets(seen.config.document) && eachOpenPath(["config"], OTHERS_READ_SECRETS)(seen),
  }),
  notice("config-readable", {
    looksFor: "a config without secret keys that others can read",
    readers: "others can see your accounts and roles; AWS clients do not check the mode",
    judge: (seen) =>
      !hasSecrets(seen.config.document) && eachOpenPath(["config"], OTHERS_READ)(seen),
  }),
  warn("file-writable", {
    looksFor: "a config, credentials or token file that others can write",
    readers:
      "anyone who writes it can choose the program that every SDK runs, or the keys that it uses",
    judge: eachOpenPath(["config", "credentials", "token"], OTHERS_WRITE),
  }),
  warn("directory-writable", {
    looksFor: "a directory in `~/.aws` that everyone can write to",
    readers: "anyone who can write there can replace your files",
    judge: eachOpenPath(["directory"], EVERYBODY_WRITES),
  }),
  warn("own-directory-exposed", {
    looksFor: "a `~/.aws/latchkey` that others can write to",
    readers: "latchkey ignores the files there and keeps its state elsewhere",
    judge: eachOpenPath(["own-directory"], { ...OTHERS_WRITE, mode: "700" }),
  }),
  warn("files-of-another-user", {
    looksFor:
      "a file or directory below `~/.aws` that belongs to another user, such as root after a `sudo`",
    readers: "AWS clients can't renew or change it, and latchkey keeps its state elsewhere",
    judge: ({ foreign }) =>
      foreign.map(({ path, owner, cure }) => hit(`${path} belongs to ${owner}`, path, cure)),
  }),
  warn("settings-not-believed", {
    looksFor: "a settings file of latchkey that others can write to, or that another user owns",
    readers: "latchkey ignores it, since it contains the program that opens URLs",
    judge: ({ settingsDoubt: doubt }) =>
      doubt !== undefined && hit(`${doubt.path} ${doubt.what}`, doubt.path, doubt.cure),
  }),
  warn("disk-without-modes", {
    looksFor: "a `~/.aws` on a file system without file modes (WSL's /mnt/c, exFAT, SMB)",
    readers:
      "other users of this machine can read your tokens there; latchkey keeps its state elsewhere",
    judge: ({ obstacle }) =>
      obstacle?.kind === "no-modes" &&
      hit(
        `${obstacle.path} is on a file system without file modes`,
        obstacle.path,
        'Mount it with modes. In WSL: options = "metadata" below [automount] in /etc/wsl.conf. Elsewhere: umask=077.',
      ),
  }),
];

export const TOOL_RULES: readonly Rule[] = [
  notice("aws-cli-1", {
    looksFor: "an AWS CLI v1 with SSO sessions in the config",
    readers: "the AWS CLI v1 can use a session's token but can't sign in; latchkey can",
    judge: eachOutdated("aws", "Sign in with: latchkey login", ([major]) => major < 2),
  }),
  warn("aws-cli-old", {
    looksFor: "an AWS CLI v2 before 2.9 with SSO sessions in the config",
    readers:
      "that AWS CLI does not support sso_session and refuses these profiles; the SDKs use them",
    judge: eachOutdated(
      "aws",
      "Install a newer AWS CLI.",
      ([major, minor]) => major === 2 && minor < 9,
    ),
  }),
  warn("terraform-old", {
    looksFor: "a Terraform before 1.6 with SSO sessions in the config",
    readers: "its S3 backend does not support sso_session; its AWS provider and the AWS CLI do",
    judge: eachOutdated(
      "terraform",
      "Install a newer Terraform.",
      ([major, minor]) => major < 1 || (major === 1 && minor < 6),
    ),
  }),
];

/** Finds nothing on a platform without file modes. */
function eachOpenPath(
  kinds: ReadonlyArray<ObservedPath["kind"]>,
  { bits, what, mode }: Exposure,
): Judge {
  return ({ paths }) =>
    paths
      .filter((path) => kinds.includes(path.kind) && ((path.mode ?? 0) & bits) !== 0)
      .map((path) =>
        hit(
          `${path.path} ${what}`,
          `${path.path}, mode ${((path.mode ?? 0) & 0o7777).toString(8).padStart(4, "0")}`,
          path.isOurs
            ? `chmod ${mode} ${quoteShellWord(path.path)}`
            : "Allow only its owner to read and write it.",
        ),
      );
}

function hasSecrets({ sections }: ConfigDocument): boolean {
  return sections.some(({ entries }) =>
    entries.some(({ key }) => key === "aws_secret_access_key" || key === "aws_session_token"),
  );
}

/** Finds a tool that is too old for the config's sessions. */
function eachOutdated(
  name: ObservedTool["name"],
  hint: string,
  isOld: (version: ObservedTool["version"]) => boolean,
): Judge {
  return ({ tools, sessions }) =>
    tools
      .filter((tool) => sessions.length > 0 && tool.name === name && isOld(tool.version))
      .map(({ version }) =>
        hit(`${name} has version ${version.join(".")}`, `${name} on PATH`, hint),
      );
}

/** Returns the first two numbers of `aws-cli/2.9.19 Python/…` or `Terraform v1.5.7`; undefined if there are none. */
export function parseVersion(output: string): ObservedTool["version"] | undefined {
  const [, major, minor] = /(?:^|[/ v])(\d{1,4})\.(\d{1,6})/.exec(output) ?? [];
  return major === undefined || minor === undefined ? undefined : [Number(major), Number(minor)];
}
