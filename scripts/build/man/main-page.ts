import type { ProgramConfig } from "../../../src/oclif/config.ts";
import {
  formatName,
  formatReference,
  formatSections,
  formatTerms,
  HelpParts,
  namePage,
} from "./command-page.ts";
import { formatParagraphs, formatProse, formatTerm, formatTitle, type TitleFacts } from "./roff.ts";

export interface Sources {
  /** The description in package.json. */
  readonly description: string;
  /** The text of docs/exit-codes.md, whose table becomes the section on exit codes. */
  readonly exitCodes: string;
  /** The text of docs/security.md, whose first table lists the files. */
  readonly security: string;
}

/** Variables that do not set a flag, and variables that AWS clients also read. */
const VARIABLES: ReadonlyArray<readonly [names: string, text: string]> = [
  [
    "LATCHKEY_DEBUG",
    "Set to 1, as `--debug`; also for a `credential_process`, which AWS clients run.",
  ],
  ["LATCHKEY_SCIM_TOKEN", "The SCIM token of `latchkey federation`."],
  ["AWS_PROFILE, AWS_DEFAULT_PROFILE", "The profile if none is named."],
  ["AWS_CONFIG_FILE, AWS_SHARED_CREDENTIALS_FILE", "The config and the credentials file."],
  ["AWS_REGION, AWS_DEFAULT_REGION", "The region, as in AWS clients."],
  [
    "AWS_ENDPOINT_URL, AWS_ENDPOINT_URL_SSO, AWS_ENDPOINT_URL_SSO_OIDC, AWS_ENDPOINT_URL_STS, AWS_ENDPOINT_URL_SIGNIN",
    "Other addresses of the services: `https`, or this machine's own.",
  ],
  ["AWS_CA_BUNDLE", "CA certificates to trust instead of the usual ones."],
  ["HTTPS_PROXY, NO_PROXY", "The proxy, and the hosts that need no proxy."],
  ["BROWSER", "The command that opens a URL."],
  ["NO_COLOR", "Set to anything, no colours are printed."],
];

/** Returns the man page of the program itself in roff. It refers to all other pages. */
export function formatMainPage(config: ProgramConfig, sources: Sources, facts: TitleFacts): string {
  const commands = listCommands(config);
  const [first] = commands;
  const globals = first === undefined ? [] : new HelpParts(first, config).flagRows("global");
  const sections: ReadonlyArray<readonly [name: string, blocks: readonly string[]]> = [
    ["NAME", [formatName("latchkey", sources.description)]],
    ["SYNOPSIS", ["\\fBlatchkey\\fR [\\fICOMMAND\\fR] [\\fIOPTIONS\\fR]"]],
    [
      "DESCRIPTION",
      [
        formatParagraphs(
          "Without a command, latchkey shows the state of your sign-ins and the next useful command. `latchkey COMMAND --help` has the same content as the command's page.",
        ),
      ],
    ],
    [
      "COMMANDS",
      commands.map(({ id, summary = "" }) => formatTerm(formatReference(namePage(id)), summary)),
    ],
    ["GLOBAL OPTIONS", formatTerms(globals)],
    [
      "ENVIRONMENT",
      [
        formatParagraphs("Variables that set flags are described in the commands' pages."),
        ...formatTerms(VARIABLES),
      ],
    ],
    ["FILES", formatTerms(listFiles(sources.security))],
    ["EXIT STATUS", listExitCodes(sources.exitCodes)],
  ];
  return `${formatTitle("latchkey", facts)}\n${formatSections(sections)}\n`;
}

function listCommands({ commands }: ProgramConfig) {
  const aliases = new Set(commands.flatMap((command) => command.aliases));
  return commands.filter(({ id, hidden }) => hidden !== true && !aliases.has(id));
}

/** Returns the files in the table. In the table, `…/` stands for the last path that does not begin with `…/`. */
function listFiles(security: string): ReadonlyArray<readonly [path: string, text: string]> {
  let folder = "";
  return readTable(security, "| path | whose | mode | what |").map(
    ([path = "", , mode = "", what = ""]) => {
      const name = path.replaceAll("`", "");
      if (!name.startsWith("…/")) folder = name;
      return [name.replace("…/", folder), `${dropLinks(what)} (${mode})`];
    },
  );
}

function listExitCodes(exitCodes: string): string[] {
  return readTable(exitCodes, "| exit | codes | meaning |").map(
    ([exit = "", codes = "", meaning = ""]) =>
      formatTerm(formatProse(`\`${exit}\``), codes === "" ? meaning : `${codes}: ${meaning}`),
  );
}

/** Returns the cells of each row. @throws Error if the page has no such table */
function readTable(page: string, header: string): string[][] {
  const [, after] = page.split(`${header}\n`);
  if (after === undefined) throw new Error(`No page has the table ${header}`);
  const lines = after.split("\n").slice(1);
  return lines
    .slice(
      0,
      lines.findIndex((line) => !line.startsWith("|")),
    )
    .map((line) =>
      line
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

function dropLinks(text: string): string {
  return text.replace(/\[([^\]]+)\]\([^)]+\)/g, "$1");
}
