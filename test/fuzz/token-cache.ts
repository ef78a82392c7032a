import fc from "fast-check";
import { randomBytes } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { ACCOUNTS, parseKept, parseParts, ROLES } from "../../src/access/kept-format.ts";
import { parseAnyHistory } from "../../src/access/history/format.ts";
import { readSteps, configKey } from "../../src/aws-config/undo-record.ts";
import { parseKeptAnswers } from "../../src/configure/wizard/kept-answers.ts";
import {
  rolesDirectory,
  roleCredentialsPath,
  tokenDirectory,
  tokenFilePath,
  undoRecordPath,
} from "../../src/fs/paths.ts";
import {
  buildRefreshEntry,
  formatTokenFile,
  parseRegistration,
  refreshGrant,
  type AccessToken,
} from "../../src/model/access-token.ts";
import { credentialProcessJson, type RoleRef } from "../../src/model/role.ts";
import { sessionCacheKey, type SsoSession } from "../../src/model/sso-session.ts";
import { readForeignTokens } from "../../src/sign-in/sweep.ts";
import { readCachedRole } from "../../src/token/role-cache.ts";
import { sealText, tokenIdentity, unsealText } from "../../src/token/sealed-file.ts";
import { SharedTokenStore } from "../../src/token/shared-store.ts";
import { createTemporaryFolder } from "./folder.ts";
import { createTarget, ensure } from "./target.ts";
import {
  arbitraryBytes,
  arbitraryJson,
  arbitraryJsonText,
  arbitraryShape,
  arbitraryText,
} from "./values.ts";

/** Checks files of the token cache and of latchkey's state: any content gives a valid value or none. */

const NOW = new Date("2026-11-29T12:00:00Z");
const SESSION: SsoSession = {
  name: "corp",
  startUrl: "https://acme.awsapps.com/start",
  region: "us-east-1",
  registrationScopes: undefined,
};
const ROLE: RoleRef = { session: "corp", accountId: "100000000001", roleName: "Admin" };

/** Mostly right values, because the last check runs only if all others before it have passed. */
const instants = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom("2026-11-29T13:00:00Z", "2026-11-29T11:00:00Z") },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      "2026-11-29T13:00:00UTC",
      "2026-11-29T13:00:00.123456+01:00",
      "2026-02-30T25:00:00Z",
      "1999-01-01T00:00:00Z",
    ),
  },
  { weight: 1, arbitrary: arbitraryText(4) },
);
const secrets = fc.oneof(
  { weight: 8, arbitrary: fc.constant("abc") },
  { weight: 1, arbitrary: fc.constant("x".repeat(20_000)) },
  { weight: 1, arbitrary: arbitraryText(4) },
);

const tokens = arbitraryShape({
  startUrl: fc.constantFrom(SESSION.startUrl, "https://other.awsapps.com/start"),
  region: fc.constantFrom("us-east-1", "eu-west-1"),
  accessToken: secrets,
  expiresAt: instants,
  refreshToken: secrets,
  clientId: secrets,
  clientSecret: secrets,
  registrationExpiresAt: instants,
  more: arbitraryJson(),
});
const files: fc.Arbitrary<string | Uint8Array> = fc.oneof(
  { weight: 8, arbitrary: arbitraryJsonText(tokens) },
  { weight: 1, arbitrary: arbitraryBytes() },
);

const folder = createTemporaryFolder();

function write(path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  writeFileSync(path, content, { mode: 0o600 });
}

const VISIBLE = /^[\x21-\x7e]{1,16384}$/;

function checkToken(token: AccessToken): void {
  ensure(VISIBLE.test(token.accessToken), "an access token that can't be in a header");
  ensure(!Number.isNaN(token.expiresAt.getTime()), "no instant");
  for (const value of [token.refreshToken, token.clientId, token.clientSecret])
    ensure(value === undefined || VISIBLE.test(value), "a secret that can't be in a header");
  refreshGrant(token, NOW);
  const issued = { accessToken: "new", expiresAt: NOW, refreshToken: undefined };
  const text = formatTokenFile(buildRefreshEntry(token, SESSION, issued));
  ensure(/^[\x20-\x7e]*$/.test(text), "a token's file with more than visible ASCII");
  const { more } = JSON.parse(text) as { more?: unknown };
  ensure(
    JSON.stringify(more) === JSON.stringify(token.stored["more"]),
    "another tool's key is missing",
  );
}

const tokenFile = createTarget({
  name: "token-file",
  values: files,
  open: folder.open,
  async check(content) {
    const home = folder.path();
    write(tokenFilePath(home, sessionCacheKey(SESSION)), content);
    const store = new SharedTokenStore(home, SESSION, () => Promise.resolve());
    const token = await store.read();
    if (token !== undefined) checkToken(token);
    store.readMark();
    ensure(store.exists() || content.length > 1024 * 1024, "the file is missing");
    readForeignTokens(home);
    ensure(tokenDirectory(home).startsWith(home), "another place");
  },
});

const registrations = createTarget({
  name: "registration",
  values: arbitraryShape({ clientId: secrets, clientSecret: secrets, expiresAt: instants }),
  check(stored) {
    const registration = parseRegistration(stored, NOW);
    if (registration === undefined) return;
    ensure(VISIBLE.test(registration.clientId), "not a client id");
    ensure(registration.expiresAt > NOW, "it has expired");
  },
});

const TOKEN_FILE = `${"a".repeat(40)}.json`;

const roleFile = createTarget({
  name: "role-cache",
  values: fc.oneof(
    {
      weight: 8,
      arbitrary: arbitraryJsonText(
        arbitraryShape({
          version: fc.constant(1),
          session: fc.constantFrom("corp", "corp", "other"),
          accountId: fc.constantFrom("100000000001", "100000000001", "000000000042"),
          roleName: fc.constant("Admin"),
          startUrl: fc.constant(SESSION.startUrl),
          region: fc.constant("us-east-1"),
          accessKeyId: secrets,
          secretAccessKey: secrets,
          sessionToken: secrets,
          expiration: instants,
          fetchedAt: instants,
          signIn: arbitraryShape({
            tokenFile: fc.constantFrom(TOKEN_FILE, TOKEN_FILE, TOKEN_FILE, "../x"),
            stamp: fc.constant("1 2 3"),
          }),
          config: arbitraryShape({ file: arbitraryText(4), stamp: arbitraryText(4) }),
        }),
      ),
    },
    { weight: 1, arbitrary: arbitraryBytes() },
  ),
  open: folder.open,
  check(content) {
    const home = folder.path();
    const path = roleCredentialsPath(home, ROLE);
    ensure(path.startsWith(rolesDirectory(home)), "another place");
    write(path, content);
    const role = readCachedRole(home, ROLE);
    if (role === undefined) return;
    const keys = [role.accessKeyId, role.secretAccessKey, role.sessionToken];
    for (const key of keys) ensure(VISIBLE.test(key), "a key that can't be in a header");
    const { session, accountId, roleName } = JSON.parse(String(content)) as Partial<RoleRef>;
    ensure(
      JSON.stringify([session, accountId, roleName]) === JSON.stringify(Object.values(ROLE)),
      "another role's",
    );
    ensure(/^[0-9a-f]{40}\.json$/.test(role.signIn.tokenFile), "not a file name");
    const text = credentialProcessJson(role);
    ensure(/^\{[\x20-\x7e]*\}\n$/.test(text), "more than one line");
  },
});

const sealedFile = createTarget({
  name: "sealed-file",
  values: fc.tuple(
    arbitraryText(30),
    fc.nat(200),
    fc.oneof(arbitraryText(3), arbitraryJsonText(arbitraryJson())),
  ),
  check([text, at, piece]) {
    const [key, owner] = [randomBytes(32), tokenIdentity("a")];
    const sealed = sealText(key, owner, text);
    ensure(
      unsealText(key, owner, sealed) === text.toWellFormed(),
      "it differs from the sealed text",
    );
    ensure(unsealText(key, tokenIdentity("b"), sealed) === undefined, "another owner can open it");
    ensure(unsealText(randomBytes(32), owner, sealed) === undefined, "another key opens it");
    const other = sealed.slice(0, at) + piece + sealed.slice(at + 1);
    const opened = unsealText(key, owner, other);
    ensure(
      opened === undefined || opened === text.toWellFormed(),
      "after damage it opens with another text",
    );
    unsealText(key, owner, piece);
  },
});

const PORTAL = { startUrl: SESSION.startUrl, region: SESSION.region, signInId: "id" };

const stateFiles = createTarget({
  name: "state-files",
  values: fc.oneof(
    arbitraryJsonText(
      arbitraryShape({
        version: fc.constantFrom(1, 2),
        startUrl: fc.constant(PORTAL.startUrl),
        region: fc.constant(PORTAL.region),
        signIn: fc.constant(PORTAL.signInId),
        listedAt: instants,
        beganAt: instants,
        userName: arbitraryText(3),
        favourites: arbitraryJson(),
        spans: fc.array(
          arbitraryShape({
            accountId: fc.constant("100000000001"),
            roleName: fc.constant("Admin"),
            from: instants,
            to: instants,
            since: instants,
          }),
          { maxLength: 3 },
        ),
        steps: arbitraryJson(),
        accounts: fc.array(
          arbitraryShape({
            accountId: fc.constant("100000000001"),
            accountName: arbitraryText(3),
            roleNames: fc.array(arbitraryText(3), { maxLength: 2 }),
          }),
          { maxLength: 3 },
        ),
        answers: arbitraryJson(),
      }),
    ),
    arbitraryText(),
  ),
  open: folder.open,
  check(text) {
    const home = folder.path();
    parseKept(text, ACCOUNTS, PORTAL);
    parseKept(text, ROLES, PORTAL);
    parseParts(`${text}\n${text.slice(0, -3)}\nnull\n[]\n{}`, PORTAL, NOW);
    parseAnyHistory(text, PORTAL);
    const config = join(home, ".aws", "config");
    write(undoRecordPath(home, configKey(config)), text);
    for (const step of readSteps(home, config)) ensure(typeof step === "object", "not a step");
    let stored: unknown;
    try {
      stored = JSON.parse(text);
    } catch {
      return;
    }
    parseKeptAnswers(stored);
  },
});

export const TOKEN_CACHE_TARGETS = [tokenFile, registrations, roleFile, sealedFile, stateFiles];
