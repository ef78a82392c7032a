import { CLIENTS, formatClient, type Client } from "../clients/family.ts";
import type { Finding } from "../doctor/findings.ts";
import { escapeControls } from "../text/terminal.ts";
import { CAUSES } from "./causes.ts";
import type { Explanation } from "./explain.ts";
import type { ClientId } from "./message.ts";
import type { Names } from "./names.ts";

/** Formats an explanation for people, in at most twelve lines. */

const OTHER_CLIENTS: Readonly<Record<Exclude<ClientId, Client>, string>> = {
  "aws-cli-v1": "AWS CLI v1",
  powershell: "AWS Tools for PowerShell",
  cdk: "AWS CDK",
  serverless: "Serverless Framework",
  kubectl: "kubectl",
  docker: "Docker",
  vscode: "AWS Toolkit for VS Code",
  jetbrains: "AWS Toolkit for JetBrains",
  git: "git",
  latchkey: "latchkey",
};

export function formatClientId(client: ClientId): string {
  return (CLIENTS as readonly string[]).includes(client)
    ? formatClient(client as Client)
    : OTHER_CLIENTS[client as Exclude<ClientId, Client>];
}

const MOST_FINDINGS = 3;
/** The maximum number of findings for an unknown message. */
const MOST_OF_ALL = 5;

export function explanationText(explanation: Explanation): string {
  const { client, cause, here, checked, findings, cure, names } = explanation;
  if (cause === undefined) return formatUnknown(explanation);
  const { title, means } = CAUSES[cause];
  const who = client === undefined ? "An AWS service" : formatClientId(client);
  return toLines([
    `${who}: ${title}.`,
    `  means   ${means}`,
    ...nameLines(names),
    `  here    ${here === "unknown" ? "not known" : here}${checked === undefined ? "" : `; checked: ${checked}`}`,
    ...findingLines(findings.slice(0, MOST_FINDINGS), checked),
    `→ ${cure}`,
  ]);
}

function formatUnknown({ names, findings, profile, cure }: Explanation): string {
  const more = findings.length - MOST_OF_ALL;
  return toLines([
    "latchkey does not recognise this message.",
    ...nameLines(names),
    findings.length === 0
      ? `  The doctor finds nothing wrong with the profile ${profile.name}.`
      : `  The doctor's findings for the profile ${profile.name}:`,
    ...findingLines(findings.slice(0, MOST_OF_ALL), undefined),
    ...(more > 0 ? [`          ${more} more: latchkey doctor`] : []),
    `→ ${cure}`,
  ]);
}

function nameLines(names: Names): string[] {
  const { requestId, ...others } = names;
  const words = Object.entries({ ...others, "request id": requestId }).flatMap(([key, value]) =>
    value === null ? [] : [`${key} ${value}`],
  );
  return words.length === 0 ? [] : [`  names   ${words.join(", ")}`];
}

/** Leaves out the finding that `checked` already contains. */
function findingLines(findings: readonly Finding[], checked: string | undefined): string[] {
  return findings
    .filter(({ summary }) => checked?.startsWith(summary) !== true)
    .map(({ id, summary, evidence }) => `  found   ${id}: ${summary} (${evidence})`);
}

function toLines(lines: readonly string[]): string {
  return lines.map((line) => `${escapeControls(line)}\n`).join("");
}
