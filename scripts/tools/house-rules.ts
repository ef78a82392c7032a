import type { IForbiddenRuleType } from "dependency-cruiser";

/** The rules of the source tree that docs/architecture.md describes. */

/** The layers of src/, from low to high. A module may import from its own layer and from lower layers. */
const ROOMS: readonly string[] = [
  // Shared types and pure functions. These folders may import each other.
  "(?:model/|text/|errors|context|trace)",
  "fs/",
  "aws/",
  "terminal/",
  // Features.
  "installation/",
  "settings/",
  "aws-config/",
  "clients/",
  "token/",
  "access/",
  "profiles/",
  "sign-in/",
  "choice/",
  "credentials/",
  "configure/",
  "sync/",
  "import/",
  "shell/",
  "console/",
  "completion/",
  "doctor/",
  "explain/",
  "federation/",
  "demo/",
  // The command line.
  "cli/",
  "commands/",
  "oclif/",
  "main",
];

/** Imports that only some folders may use: the import's name, its pattern, and the folders. */
const HOMES: ReadonlyArray<readonly [name: string, target: string, homes: string]> = [
  ["node:fs", "^(?:node:)?fs$", "fs/|hot-path/|emulator/"],
  ["node:child_process", "^(?:node:)?child_process$", "terminal/"],
  ["node:sqlite", "^(?:node:)?sqlite$", "fs/"],
  ["the AWS SDK", "node_modules/@(?:aws-sdk|smithy)/", "aws/|federation/aws/"],
  ["oclif", "node_modules/@oclif/", "oclif/|cli/|commands/"],
  ["conf", "node_modules/conf/", "settings/"],
  ["ini", "node_modules/ini/", "configure/"],
  ["fast-xml-parser", "node_modules/fast-xml-parser/", "federation/saml/"],
  ["@inquirer/core", "node_modules/@inquirer/", "terminal/"],
  ["jmespath", "node_modules/jmespath/", "cli/"],
  ["yaml", "node_modules/yaml/", "cli/|import/"],
  ["smol-toml", "node_modules/smol-toml/", "import/"],
  ["socks", "node_modules/socks/", "aws/"],
  ["open", "node_modules/open/", "terminal/"],
  ["qr", "node_modules/qr/", "terminal/"],
  ["@napi-rs/keyring", "node_modules/@napi-rs/", "terminal/"],
];

/** Types of the SDK's transport, which are not loaded at run time. */
const FREE_TYPES = "node_modules/@smithy/types/";

export const MOST_FILES_IN_A_FOLDER = 12;
/** Folders without a limit. In src/commands each command is one file, and the file's path is what the user types. */
export const FOLDERS_OF_ANY_SIZE: ReadonlySet<string> = new Set(["src/commands"]);

export function makeRules(): IForbiddenRuleType[] {
  return [
    ...ROOMS.slice(0, -1).map((room, index) => forbidUpwards(room, ROOMS.slice(index + 1))),
    ...HOMES.map(([name, target, homes]) => ({
      name: `${name} has one home`,
      severity: "error" as const,
      from: { path: "^src/", pathNot: `^src/(?:${homes})` },
      to: { path: target, pathNot: FREE_TYPES },
    })),
    ...COMMANDS_ARE_THIN,
    ...ISLANDS,
    {
      name: "no cycles between modules",
      severity: "error",
      from: { path: "^src/" },
      to: { circular: true },
    },
  ];
}

function forbidUpwards(room: string, above: readonly string[]): IForbiddenRuleType {
  return {
    name: `${room} imports nothing from above`,
    severity: "error",
    from: { path: `^src/${room}` },
    to: { path: `^src/(?:${above.join("|")})` },
  };
}

const COMMANDS_ARE_THIN: readonly IForbiddenRuleType[] = [
  {
    name: "a command imports no builtin, no adapter",
    severity: "error",
    from: { path: "^src/commands/" },
    to: { path: "^(?:node:|src/(?:fs|aws|terminal)/)" },
  },
  {
    name: "a command imports no other command",
    severity: "error",
    from: { path: "^src/commands/" },
    to: { path: "^src/commands/" },
  },
];

const ISLANDS: readonly IForbiddenRuleType[] = [
  {
    name: "the emulator imports nothing of the rest",
    severity: "error",
    from: { path: "^src/emulator/" },
    to: { path: "^src/", pathNot: "^src/emulator/" },
  },
  {
    name: "only two commands import the emulator",
    severity: "error",
    from: { path: "^src/", pathNot: "^src/(?:emulator/|commands/(?:emulator|demo)\\.ts$)" },
    to: { path: "^src/emulator/" },
  },
  {
    name: "a call outside of the SDK loads nothing of it",
    severity: "error",
    from: { path: "^src/aws/send\\.ts$" },
    to: { path: "node_modules/@(?:aws-sdk|smithy)/", reachable: true },
  },
  {
    name: "nobody imports the hot path",
    severity: "error",
    from: { path: "^src/", pathNot: "^src/hot-path/" },
    to: { path: "^src/hot-path/" },
  },
  {
    name: "the hot path imports only its few modules",
    severity: "error",
    from: { path: "^src/hot-path/" },
    to: {
      path: "^src/",
      pathNot:
        "^src/(?:hot-path/|context\\.ts|model/role(?:-decision)?\\.ts|token/role-cache\\.ts|text/json\\.ts|fs/(?:paths|read|write|directories/private)\\.ts|(?:errors|trace)\\.ts)",
    },
  },
];
