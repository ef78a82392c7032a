import type { ConfigDocument } from "../../aws-config/document.ts";
import { quoteShellWord } from "../../text/shell-words.ts";
import type { Observations, ObservedPath, Rule, RuleHit } from "../rule.ts";

/** Who else can read or change the files. A platform without modes gives nothing to judge. */

/** Permission bits that should not be set, and how to take them away. */
interface Exposure {
  readonly bits: number;
  readonly what: string;
  /** For chmod. */
  readonly mode: string;
}

const OTHERS_READ: Exposure = { bits: 0o044, what: "can be read by others", mode: "600" };
const OTHERS_WRITE: Exposure = { bits: 0o022, what: "can be written by others", mode: "go-w" };
const EVERYBODY_WRITES: Exposure = {
  bits: 0o002,
  what: "can be written by everybody",
  mode: "go-w",
};
const OTHERS_READ_SECRETS: Exposure = {
  ...OTHERS_READ,
  what: "holds secret keys and can be read by others",
};

export const FILE_RULES: readonly Rule[] = [
  {
    id: "token-exposed",
    level: "warn",
    subject: "files",
    looksFor: "a token file that others can read",
    readers:
      "whoever reads it can act as you in every account; AWS clients do not look at the mode",
    judge: (seen) => findOpenPaths(seen, ["token"], OTHERS_READ),
  },
  {
    id: "credentials-exposed",
    level: "warn",
    subject: "files",
    looksFor: "a credentials file that others can read",
    readers: "whoever reads it can use its keys; AWS clients do not look at the mode",
    judge: (seen) => findOpenPaths(seen, ["credentials"], OTHERS_READ),
  },
  {
    id: "config-secrets-exposed",
    level: "warn",
    subject: "files",
    looksFor: "a config with secret keys that others can read",
    readers: "whoever reads it can use its keys; AWS clients do not look at the mode",
    judge: (seen) =>
      hasSecrets(seen.config.document) ? findOpenPaths(seen, ["config"], OTHERS_READ_SECRETS) : [],
  },
  {
    id: "config-readable",
    level: "notice",
    subject: "files",
    looksFor: "a config without secret keys that others can read",
    readers: "others see your accounts and roles; AWS clients do not look at the mode",
    judge: (seen) =>
      hasSecrets(seen.config.document) ? [] : findOpenPaths(seen, ["config"], OTHERS_READ),
  },
  {
    id: "file-writable",
    level: "warn",
    subject: "files",
    looksFor: "a config, credentials or token file that others can write",
    readers: "whoever writes it decides which program every SDK runs, or which keys it uses",
    judge: (seen) => findOpenPaths(seen, ["config", "credentials", "token"], OTHERS_WRITE),
  },
  {
    id: "directory-writable",
    level: "warn",
    subject: "files",
    looksFor: "a directory of `~/.aws` that everybody can write to",
    readers: "whoever writes there can put another file in the place of yours",
    judge: (seen) => findOpenPaths(seen, ["directory"], EVERYBODY_WRITES),
  },
  {
    id: "own-directory-exposed",
    level: "fail",
    subject: "files",
    looksFor: "a `~/.aws/latchkey` that others can write to",
    readers: "latchkey refuses to keep locks there, and so to renew or to change anything",
    judge: (seen) => findOpenPaths(seen, ["own-directory"], { ...OTHERS_WRITE, mode: "700" }),
  },
];

function findOpenPaths(
  { paths }: Observations,
  kinds: ReadonlyArray<ObservedPath["kind"]>,
  { bits, what, mode }: Exposure,
): RuleHit[] {
  return paths
    .filter(
      (path) => kinds.includes(path.kind) && path.mode !== undefined && (path.mode & bits) !== 0,
    )
    .map((path) => ({
      what: `${path.path} ${what}`,
      evidence: `mode ${((path.mode ?? 0) & 0o7777).toString(8).padStart(4, "0")}`,
      hint: `chmod ${mode} ${quoteShellWord(path.path)}`,
    }));
}

function hasSecrets({ sections }: ConfigDocument): boolean {
  return sections.some(({ entries }) =>
    entries.some(({ key }) => key === "aws_secret_access_key" || key === "aws_session_token"),
  );
}
