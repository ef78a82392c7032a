import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { findForeignFormat } from "../../src/aws-config/foreign-format.ts";
import { parseConfig } from "../../src/aws-config/document.ts";
import { parseRetryAfter } from "../../src/aws/call/backoff.ts";
import { compareReaders } from "../../src/clients/compare.ts";
import { parseOwnProcess, parseRoleArn } from "../../src/clients/identity.ts";
import { readFileAs } from "../../src/clients/readers.ts";
import { parseBashLine } from "../../src/completion/bash-line.ts";
import { readTeamFile } from "../../src/configure/team-file.ts";
import { callsItself, isReadDifferently, needsShell } from "../../src/doctor/rules/processes.ts";
import { mask, readNames } from "../../src/explain/names.ts";
import { readPastedText } from "../../src/explain/recognize.ts";
import { parseCertificate } from "../../src/federation/saml/certificate.ts";
import { parseSamlEntity } from "../../src/federation/saml/metadata.ts";
import { parseXml } from "../../src/federation/saml/xml.ts";
import { parseScimEndpoint } from "../../src/federation/scim/endpoint.ts";
import { isExpectedFailure } from "../../src/errors.ts";
import { renderGoTemplate } from "../../src/import/aws-sso/go-template.ts";
import { parseYamlMap } from "../../src/import/aws-sso/yaml-map.ts";
import { readAwsSsoUtil } from "../../src/import/aws-sso-utility.ts";
import { readAwsVault } from "../../src/import/aws-vault.ts";
import { parseGrantedConfig, readGranted } from "../../src/import/granted.ts";
import { encodeName, parseTemplate, slug } from "../../src/model/name-template.ts";
import { findRoleSessionName, toRoleSessionName } from "../../src/model/role.ts";
import {
  isAccessPortal,
  judgeRegion,
  proposeSessionName,
  readTypedStartUrl,
  trimPortalUrl,
} from "../../src/model/start-url.ts";
import { describeFault } from "../../src/model/values.ts";
import { formatUnifiedDiff } from "../../src/profiles/change/text-diff.ts";
import { judgePastedAddress } from "../../src/sign-in/redirect/callback.ts";
import { isOpenable } from "../../src/terminal/desktop/browser.ts";
import { formatBatchLine } from "../../src/text/batch-line.ts";
import { displayWidth } from "../../src/text/display-width.ts";
import { parseInstant } from "../../src/text/instant.ts";
import { readVisibleAscii } from "../../src/text/json.ts";
import { findHiddenCharacter } from "../../src/text/odd-character.ts";
import { isHarmlessKey, maskComment, maskValue } from "../../src/text/secrets/config-value.ts";
import { redact } from "../../src/text/secrets/redact.ts";
import {
  isInPackageCache,
  quoteShellWord,
  splitProcessWords,
  splitShellWords,
} from "../../src/text/shell-words.ts";
import { csv, escapeControls, truncate } from "../../src/text/terminal.ts";
import { BASE, diagnoseMachine } from "../doctor/machine.ts";
import { REPEATED } from "./repeated.ts";

/** Kind 4, scans: every reader of external text takes time in proportion to its length, whatever is repeated in it. */

type Read = (text: string) => unknown;

const NOW = new Date("2026-11-29T12:00:00Z");
const PENDING = { redirectUri: "http://127.0.0.1:1/oauth/callback", state: "s", codeVerifier: "v" };
const toConfig = (text: string) => ({ document: parseConfig(Buffer.from(text)), file: "config" });
const directory = mkdtempSync(join(tmpdir(), "latchkey-linear-"));

const READERS: Readonly<Record<string, Read>> = {
  "the config": (text) => parseConfig(Buffer.from(text)),
  "a value of the config": (text) => parseConfig(Buffer.from(`[profile p]\nk = ${text}\n`)),
  "a header of the config": (text) => parseConfig(Buffer.from(`[profile ${text}]\nk = 1\n`)),
  "the config, by all clients": (text) => compareReaders(parseConfig(Buffer.from(text))),
  "the config of .NET": (text) => readFileAs("dotnet", "config", text),
  "a file of another format": (text) => findForeignFormat(Buffer.from(text)),
  "a diff": (text) =>
    formatUnifiedDiff(
      parseConfig(Buffer.from(text)),
      parseConfig(Buffer.from(`${text}x`)),
      "config",
    ),
  "a process line": (text) => splitProcessWords(text, "linux"),
  "a process line of Windows": (text) => splitProcessWords(text, "win32"),
  "what a process line needs": (text) => [
    isReadDifferently(text, "linux"),
    isReadDifferently(text, "win32"),
    needsShell(text, "linux"),
    callsItself([text], "p"),
    parseOwnProcess(text),
    isInPackageCache(text),
  ],
  "shell words": (text) => [
    splitShellWords(text),
    quoteShellWord(text),
    formatBatchLine("a.cmd", [text]),
  ],
  "a line of bash": (text) => parseBashLine(text, " \t\n\"'><=;|&(:"),
  "an account's name": (text) => [slug(text), encodeName(text)],
  "a name template": (text) => parseTemplate(text),
  "a template of Go": (text) => renderGoTemplate(text, new Map()),
  "a role's ARN": (text) => [
    parseRoleArn(text),
    findRoleSessionName(text),
    toRoleSessionName(text),
  ],
  "a start URL": (text) => [
    readTypedStartUrl(text),
    readTypedStartUrl(`https://${text}.awsapps.com/start`, true),
    isAccessPortal(`https://a.awsapps.com/${text}`),
    trimPortalUrl(`https://a.awsapps.com/start${text}`),
    proposeSessionName(`https://${text}/`, []),
  ],
  "a region": (text) => [judgeRegion(text.slice(0, 100)), describeFault("region", text)],
  "SAML metadata": (text) => readSaml(text),
  "SAML metadata behind its start": (text) => readSaml(`<?xml version="1.0"?>${text}<a>`),
  "SAML metadata inside": (text) => readSaml(`<a b="${text}">${text}</a>`),
  "a certificate": (text) => parseCertificate(text),
  "a SCIM endpoint": (text) => [
    parseScimEndpoint(text),
    parseScimEndpoint(`https://${text}/scim/v2`),
  ],
  "a pasted error": (text) => readPastedText(text),
  "names in an error": (text) => [readNames(text, {}), mask(text)],
  "words for people": (text) => [
    redact(text),
    escapeControls(text),
    displayWidth(text),
    truncate(text, 80),
    csv([[text]], true),
  ],
  "a key": (text) => [
    isHarmlessKey(text),
    maskValue("region", text),
    maskValue("credential_process", text),
    maskComment(`# ${text}`),
    findHiddenCharacter(text),
    readVisibleAscii(text, Infinity),
  ],
  "a pasted address": (text) => [
    judgePastedAddress(text, PENDING),
    judgePastedAddress(`http://127.0.0.1:1/oauth/callback?${text}`, PENDING),
    isOpenable(`https://a/${text}`),
  ],
  "a time": (text) => [parseInstant(text), parseRetryAfter(text, NOW)],
  "a team file": (text) => readTeamText(text),
  "a value of a team file": (text) => readTeamText(`[team]\nstart_url = ${text}\n`),
  "granted's config": (text) => [
    readGranted(toConfig(text), []),
    parseGrantedConfig(text, "f").catch(ignore),
  ],
  "aws-vault's config": (text) =>
    readAwsVault(toConfig(`[profile p]\ncredential_process = aws-vault ${text}\n`)),
  "aws-sso-util's config": (text) =>
    readAwsSsoUtil(toConfig(`[profile p]\ncredential_process = aws-sso-util ${text}\n`), {}),
  "YAML of aws-sso": (text) => parseYamlMap(text.slice(text.length / 2), "f").catch(ignore),
};

function ignore(thrown: unknown): void {
  if (!isExpectedFailure(thrown)) throw thrown;
}

function readSaml(text: string): unknown {
  const read = parseXml(text);
  return read.kind === "read" ? parseSamlEntity(read.value) : read;
}

function readTeamText(text: string): unknown {
  const path = join(directory, "team.ini");
  writeFileSync(path, text.slice(0, 60_000));
  return readTeamFile(path);
}

const SMALL = 4_000;
const LARGE = 8 * SMALL;
/** Milliseconds. A quadratic reader takes longer than this for the large text, even with little work for each pair. */
const NOTHING = 12;

/** Returns a text of about `size` characters: the unit repeated, with a different last character. */
const repeat = (unit: string, size: number): string =>
  `${unit.repeat(Math.ceil(size / unit.length))}!`;

async function measure(read: Read, text: string): Promise<number> {
  const from = process.cpuUsage();
  try {
    await read(text);
  } catch (thrown) {
    ignore(thrown);
  }
  const { user, system } = process.cpuUsage(from);
  return (user + system) / 1000;
}

/** For 8 times the text, a reader may take 24 times as long; a quadratic one takes 64. A slow one gets a second, warm run. */
async function findSlow(read: Read, make: (size: number) => string): Promise<string | undefined> {
  let [most, least] = [Infinity, Infinity];
  for (let attempt = 0; attempt < 4; attempt += 1) {
    most = Math.min(most, await measure(read, make(LARGE)));
    if (most <= NOTHING) return undefined;
    least = Math.min(least, await measure(read, make(SMALL)));
    if (most / Math.max(least, 0.5) < 24) return undefined;
  }
  return `${least.toFixed(1)} ms and ${most.toFixed(0)} ms`;
}

test.each(Object.entries(READERS))(
  "4.5: the time to read %s is proportional to its length",
  async (_, read) => {
    const slow: string[] = [];
    for (const unit of REPEATED) {
      const found = await findSlow(read, (size) => repeat(unit, size));
      if (found !== undefined) slow.push(`${JSON.stringify(unit)}: ${found}`);
    }
    expect(slow).toEqual([]);
  },
);

const count = (size: number, bytes: number): number[] =>
  Array.from({ length: Math.ceil(size / bytes) }, (_, index) => index);

/** Configs whose sections refer to each other. */
const SHAPES: Readonly<Record<string, (size: number) => string>> = {
  "openings of a template": (size) => `[profile p]\nk = ${"{".repeat(size)}\n`,
  "equal sections": (size) => `${BASE}${"[profile p]\n".repeat(size / 12)}`,
  "sections with equal keys": (size) => "[profile p]\nregion = eu-west-1\n".repeat(size / 32),
  "a chain of roles": (size) =>
    count(size, 90)
      .map(
        (index) =>
          `[profile p${index}]\nrole_arn = arn:aws:iam::100000000001:role/R\nsource_profile = p${index + 1}\n`,
      )
      .join(""),
  "roles on one source": (size) =>
    `[profile s]\naws_access_key_id = AKIAEXAMPLE\naws_secret_access_key = x\n${count(size, 90)
      .map(
        (index) =>
          `[profile p${index}]\nrole_arn = arn:aws:iam::100000000001:role/R\nsource_profile = s\n`,
      )
      .join("")}`,
  "profiles with programs": (size) =>
    count(size, 60)
      .map((index) => `[profile p${index}]\ncredential_process = "tool ${index}" 'x y' z\n`)
      .join(""),
  "sessions with the same portal": (size) =>
    count(size, 100)
      .map(
        (index) =>
          `[sso-session s${index}]\nsso_start_url = https://emu.awsapps.com/start\nsso_region = us-east-1\n`,
      )
      .join(""),
  "names that are nearly the same": (size) =>
    count(size, 60)
      .map(
        (index) => `[profile p]\nregoin${index} = x\nsso_sesion${index} = y\n[profil p${index}]\n`,
      )
      .join(""),
};

test.each(Object.entries(SHAPES))(
  "4.6: the doctor's time to read %s is proportional to their number",
  async (_, make) => {
    const read = (config: string) => diagnoseMachine({ config });
    expect(await findSlow(read, (size) => make(size / 2))).toBeUndefined();
  },
);
