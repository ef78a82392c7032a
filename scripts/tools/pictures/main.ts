// Draws the terminal pictures and the film for the README. The built program runs in a pseudo-terminal, with a
// temporary home and the emulator. Its output is drawn unchanged, except for the home's path and the machine's name.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { startEmulator } from "../../../src/emulator/emulator.ts";
import { CHECKOUT, NODE_PROGRAM } from "../../../test/support/program.ts";
import { startTerminal } from "../../../test/support/pty.ts";
import { sessionConfig } from "../../../test/support/session-config.ts";
import { drawScreen } from "../../../test/support/screen.ts";
import { drawFilm } from "./draw-film.ts";
import { recordFilm } from "./film.ts";
import { CHARACTER_WIDTH, escapeMarkup, LINE_HEIGHT, MARGIN, STYLE } from "./markup.ts";
import { readOptions } from "../../options.ts";

readOptions({
  help: `
Usage: npm run pictures

Draws the terminal pictures and the film in docs/screens/ from real runs against
the emulator. The film needs bash.

  -h, --help  print this help`,
  options: {},
});

const START_URL = "https://my-company.awsapps.com/start";
const COLUMNS = 108;

/** For each file, its command lines, in the order in which a person would use them. */
const PICTURES = {
  "login.svg": [["login", "--no-browser"], ["accounts"]],
  "standing.svg": [[], ["whoami", "okta"], ["roles", "payments-prod"]],
};

/** The number of rows, more than any of the commands prints. */
const ROWS = 60;

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
  for (const [file, commands] of Object.entries(PICTURES))
    write(file, draw(await record(home, commands)));
  write("first-five-minutes.svg", await drawFilm(await recordFilm(emulator.env)));
} finally {
  rmSync(home.path, { recursive: true, force: true });
  await emulator.close();
}

function write(file: string, picture: string): void {
  writeFileSync(join(CHECKOUT, "docs", "screens", file), picture);
  console.error(`docs/screens/${file}`);
}

function createAccount(accountId: string, accountName: string) {
  return {
    accountId,
    accountName,
    emailAddress: `aws+${accountName}@example.com`,
    roles: ["ViewOnlyAccess", "Billing"],
  };
}

function createHome() {
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

/** Runs the commands in a session and returns its lines. */
async function record(
  { path, env }: ReturnType<typeof createHome>,
  commands: ReadonlyArray<readonly string[]>,
): Promise<string[]> {
  const lines: string[] = [];
  for (const argv of commands) {
    const session = startTerminal({ path, env }, [...NODE_PROGRAM, ...argv], COLUMNS);
    const exitCode = await session.ended;
    if (exitCode !== 0)
      throw new Error(`latchkey ${argv.join(" ")} ended with ${exitCode}: ${session.readRaw()}`);
    const screen = await drawScreen(session.readRaw(), COLUMNS, [], ROWS);
    lines.push(`$ ${["latchkey", ...argv].join(" ")}`, ...trimEnd(screen.lines), "");
  }
  return lines
    .map((line) => line.replaceAll(path, "~").replaceAll(hostname(), "laptop"))
    .filter((line, index, all) => index < all.length - 1 || line !== "");
}

/** Returns the lines without the empty lines at the end. */
function trimEnd(lines: readonly string[]): readonly string[] {
  return lines.slice(0, lines.findLastIndex((line) => line !== "") + 1);
}

/** @param lines those that begin with `$ ` were typed */
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
<style>${STYLE}</style>
<rect width="${width}" height="${height}" rx="8" fill="#10151f"/>
${rows.filter((row) => !row.endsWith("></text>")).join("\n")}
</svg>
`;
}
