// Draws the terminal pictures of the README: the built program, under a pseudo-terminal, in a temporary home, against the
// emulator. What it printed is drawn as it stood on the screen; only the home's path and this machine's name are replaced.
import { spawn } from "@lydell/node-pty";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { startEmulator } from "../../dist/emulator/emulator.js";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const START_URL = "https://my-company.awsapps.com/start";
const COLUMNS = 108;
const CONFIG = `[profile okta]
sso_session = corp
sso_account_id = 111122223333
sso_role_name = ViewOnlyAccess
region = eu-west-1

[sso-session corp]
sso_start_url = ${START_URL}
sso_region = us-east-1
sso_registration_scopes = sso:account:access
`;

/** File → the command lines that it shows, in the order in which a person would come to them. */
const PICTURES = {
  "login.svg": [["login", "--no-browser"], ["accounts"]],
  "standing.svg": [[], ["whoami", "okta"], ["roles", "payments-prod"]],
};

function account(accountId, accountName) {
  return {
    accountId,
    accountName,
    emailAddress: `aws+${accountName}@example.com`,
    roles: ["ViewOnlyAccess", "Billing"],
  };
}

/** What stands on the screen after all that was printed: lines, with what was drawn over gone. */
function screen(printed) {
  const lines = [""];
  let [row, column] = [0, 0];
  const put = (character) => {
    const line = (lines[row] ?? "").padEnd(column);
    lines[row] = line.slice(0, column) + character + line.slice(column + 1);
    column += 1;
  };
  for (const [piece, count, act] of printed.matchAll(
    /\u001b\[\??([\d;]*)([A-Za-z])|\u001b.|[\s\S]/gu,
  )) {
    if (act === "K") lines[row] = count === "2" ? "" : (lines[row] ?? "").slice(0, column);
    else if (act === "A") row = Math.max(0, row - Number(count || 1));
    else if (act === "G") column = Number(count || 1) - 1;
    else if (piece === "\r") column = 0;
    else if (piece === "\n") lines[(row += 1)] ??= "";
    else if (!piece.startsWith("\u001b")) put(piece);
  }
  return lines.map((line) => line.trimEnd());
}

function run(home, emulator, argv) {
  const env = {
    PATH: process.env.PATH ?? "",
    HOME: home,
    LANG: "C.UTF-8",
    TERM: "xterm-256color",
    AWS_PROFILE: "okta",
    ...emulator.env,
  };
  const child = spawn(process.execPath, [join(ROOT, "bin", "run.js"), ...argv], {
    cols: COLUMNS,
    rows: 40,
    env,
    cwd: home,
  });
  let printed = "";
  child.onData((data) => (printed += data));
  return new Promise((resolve, reject) => {
    child.onExit(({ exitCode }) =>
      exitCode === 0
        ? resolve(screen(printed))
        : reject(new Error(`latchkey ${argv.join(" ")} ended with ${exitCode}: ${printed}`)),
    );
  });
}

const LINE_HEIGHT = 20;
const CHARACTER_WIDTH = 8.43;
const MARGIN = 20;

function escaped(text) {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** @param lines those that begin with `$ ` are what was typed. */
function drawing(lines) {
  const width =
    Math.ceil(Math.max(...lines.map((line) => [...line].length)) * CHARACTER_WIDTH) + 2 * MARGIN;
  const height = lines.length * LINE_HEIGHT + 2 * MARGIN;
  const rows = lines.map(
    (line, index) =>
      `<text x="${MARGIN}" y="${MARGIN + 14 + index * LINE_HEIGHT}"${line.startsWith("$ ") ? ' class="typed"' : ""}>${escaped(line)}</text>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" xml:space="preserve">
<style>text{font:14px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;fill:#d6deeb;white-space:pre}.typed{fill:#7fdbca;font-weight:bold}</style>
<rect width="${width}" height="${height}" rx="8" fill="#10151f"/>
${rows.filter((row) => !row.endsWith("></text>")).join("\n")}
</svg>
`;
}

const emulator = await startEmulator({
  startUrl: START_URL,
  publicBaseUrl: { url: "https://my-company.awsapps.com" },
  autoApprove: { afterPolls: 2 },
  identity: { username: "ada@example.com" },
  org: {
    accounts: [
      account("111122223333", "payments-prod"),
      account("222233334444", "payments-staging"),
      account("333344445555", "search-prod"),
    ],
  },
});
const home = mkdtempSync(join(tmpdir(), "latchkey-pictures-"));
try {
  mkdirSync(join(home, ".aws"), { mode: 0o700 });
  writeFileSync(join(home, ".aws", "config"), CONFIG, { mode: 0o600 });
  for (const [file, commands] of Object.entries(PICTURES)) {
    const lines = [];
    for (const argv of commands)
      lines.push(`$ ${["latchkey", ...argv].join(" ")}`, ...(await run(home, emulator, argv)));
    const shown = lines
      .map((line) => line.replaceAll(home, "~").replaceAll(hostname(), "laptop"))
      .filter((line, index, all) => index < all.length - 1 || line !== "");
    writeFileSync(join(ROOT, "docs", "screens", file), drawing(shown));
    console.error(`docs/screens/${file}`);
  }
} finally {
  rmSync(home, { recursive: true, force: true });
  await emulator.close();
}
