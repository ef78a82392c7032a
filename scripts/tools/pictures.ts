// Draws the terminal pictures of the README: the built program, under a pseudo-terminal, in a temporary home, against the
// emulator. What it printed is drawn as it was on the screen; only the home's path and this machine's name are replaced.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { startEmulator } from "../../src/emulator/emulator.ts";
import { CHECKOUT, NODE_PROGRAM } from "../../test/support/program.ts";
import { startTerminal } from "../../test/support/pty.ts";
import { sessionConfig } from "../../test/support/session-config.ts";
import { readOptions } from "../options.ts";

readOptions({
  help: `
Usage: npm run pictures

Draws the terminal pictures in docs/screens/ from real runs against the emulator.

  -h, --help  print this help`,
  options: {},
});

const START_URL = "https://my-company.awsapps.com/start";
const COLUMNS = 108;

/** File → the command lines that it shows, in the order in which a person would come to them. */
const PICTURES = {
  "login.svg": [["login", "--no-browser"], ["accounts"]],
  "standing.svg": [[], ["whoami", "okta"], ["roles", "payments-prod"]],
};

const LINE_HEIGHT = 20;
const CHARACTER_WIDTH = 8.43;
const MARGIN = 20;

interface Home {
  readonly path: string;
  readonly env: Readonly<Record<string, string>>;
}

const emulator = await startEmulator({
  startUrl: START_URL,
  publicBaseUrl: { url: "https://my-company.awsapps.com" },
  autoApprove: { afterPolls: 2 },
  identity: { username: "ada@example.com" },
  org: {
    accounts: [
      createAccount("111122223333", "payments-prod"),
      createAccount("222233334444", "payments-staging"),
      createAccount("333344445555", "search-prod"),
    ],
  },
});
const home = createHome();
try {
  for (const [file, commands] of Object.entries(PICTURES)) {
    writeFileSync(join(CHECKOUT, "docs", "screens", file), draw(await record(home, commands)));
    console.error(`docs/screens/${file}`);
  }
} finally {
  rmSync(home.path, { recursive: true, force: true });
  await emulator.close();
}

function createAccount(accountId: string, accountName: string) {
  return {
    accountId,
    accountName,
    emailAddress: `aws+${accountName}@example.com`,
    roles: ["ViewOnlyAccess", "Billing"],
  };
}

function createHome(): Home {
  const path = mkdtempSync(join(tmpdir(), "latchkey-pictures-"));
  mkdirSync(join(path, ".aws"), { mode: 0o700 });
  const config = sessionConfig("111122223333", START_URL);
  writeFileSync(join(path, ".aws", "config"), config, { mode: 0o600 });
  const env = {
    PATH: process.env["PATH"] ?? "",
    HOME: path,
    LANG: "C.UTF-8",
    AWS_PROFILE: "okta",
    ...emulator.env,
  };
  return { path, env };
}

/** The lines of a session in which these commands were typed. */
async function record(
  { path, env }: Home,
  commands: ReadonlyArray<readonly string[]>,
): Promise<string[]> {
  const lines: string[] = [];
  for (const argv of commands) {
    const session = startTerminal({ path, env }, [...NODE_PROGRAM, ...argv], COLUMNS);
    const exitCode = await session.ended;
    if (exitCode !== 0)
      throw new Error(`latchkey ${argv.join(" ")} ended with ${exitCode}: ${session.readRaw()}`);
    lines.push(`$ ${["latchkey", ...argv].join(" ")}`, ...readScreen(session.readRaw()));
  }
  return lines
    .map((line) => line.replaceAll(path, "~").replaceAll(hostname(), "laptop"))
    .filter((line, index, all) => index < all.length - 1 || line !== "");
}

/** What is on the screen after all that was printed: lines, with what was drawn over gone. */
function readScreen(printed: string): string[] {
  const lines = [""];
  let [row, column] = [0, 0];
  const put = (character: string): void => {
    const line = (lines[row] ?? "").padEnd(column);
    lines[row] = line.slice(0, column) + character + line.slice(column + 1);
    column += 1;
  };
  const obey = (act: string, count: string): void => {
    if (act === "K") lines[row] = count === "2" ? "" : (lines[row] ?? "").slice(0, column);
    else if (act === "A") row = Math.max(0, row - Number(count || 1));
    else if (act === "G") column = Number(count || 1) - 1;
  };
  for (const [piece, count = "", act] of printed.matchAll(
    /\u001b\[\??([\d;]*)([A-Za-z])|\u001b.|[\s\S]/gu,
  )) {
    if (act !== undefined) obey(act, count);
    else if (piece === "\r") column = 0;
    else if (piece === "\n") lines[(row += 1)] ??= "";
    else if (!piece.startsWith("\u001b")) put(piece);
  }
  return lines.map((line) => line.trimEnd());
}

/** @param lines those that begin with `$ ` are what was typed. */
function draw(lines: readonly string[]): string {
  const longest = Math.max(...lines.map((line) => Array.from(line).length));
  const width = Math.ceil(longest * CHARACTER_WIDTH) + 2 * MARGIN;
  const height = lines.length * LINE_HEIGHT + 2 * MARGIN;
  const rows = lines.map((line, index) => {
    const y = MARGIN + 14 + index * LINE_HEIGHT;
    const typed = line.startsWith("$ ") ? ' class="typed"' : "";
    return `<text x="${MARGIN}" y="${y}"${typed}>${escapeMarkup(line)}</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" xml:space="preserve">
<style>text{font:14px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;fill:#d6deeb;white-space:pre}.typed{fill:#7fdbca;font-weight:bold}</style>
<rect width="${width}" height="${height}" rx="8" fill="#10151f"/>
${rows.filter((row) => !row.endsWith("></text>")).join("\n")}
</svg>
`;
}

function escapeMarkup(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
