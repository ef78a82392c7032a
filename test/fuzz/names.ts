import fc from "fast-check";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createTemporaryFolder } from "./folder.ts";
import { HARMLESS_KEYS } from "../../src/configure/extra-keys.ts";
import { readTeamFile } from "../../src/configure/team-file.ts";
import {
  accountSlug,
  encodeName,
  isTemplate,
  parseTemplate,
  renderTemplate,
  slug,
} from "../../src/model/name-template.ts";
import {
  findRegionInStartUrl,
  isAccessPortal,
  isClientRegion,
  isDualStackPortal,
  isRegion,
  isStartUrl,
  judgeRegion,
  listRegionsLike,
  proposeSessionName,
  readTypedStartUrl,
  trimPortalUrl,
} from "../../src/model/start-url.ts";
import { isPortableName } from "../../src/aws-config/header.ts";
import { describeCure, describeFault, VALUES, type ValueName } from "../../src/model/values.ts";
import { createTarget, ensure } from "./target.ts";
import { arbitraryBytes, arbitraryText, damage, expectValueOrFailure } from "./values.ts";

/** Checks names: templates, start URLs, regions, and the team file with all of them. */

const templates = fc.oneof(
  damage("{account.slug}-{role|lower}.{account.name|encode}@{session}", [
    "{",
    "}",
    "|",
    "{role}",
    "{region}",
  ]),
  fc
    .array(
      fc.constantFrom(
        ...Array.from("{}|-./ "),
        "{account.id}",
        "{account.name|slug}",
        "{account.name|trim}",
        "{role|encode|lower}",
        "{ role | slug }",
        "x",
      ),
      { maxLength: 6 },
    )
    .map((parts) => parts.join("")),
);
const accounts = fc.record({
  accountId: fc.constantFrom("000000000042", "100000000001"),
  accountName: fc.option(arbitraryText(12), { nil: undefined }),
  emailAddress: fc.option(arbitraryText(5), { nil: undefined }),
});

const template = createTarget({
  name: "name-template",
  values: fc.tuple(templates, accounts, arbitraryText(8)),
  async check([text, account, roleName]) {
    const parsed = await expectValueOrFailure(() => parseTemplate(text), ["USAGE"]);
    ensure(isTemplate(text) === (parsed !== undefined), "isTemplate disagrees");
    if (parsed !== undefined)
      renderTemplate(parsed, { account, roleName, session: "corp", region: undefined });
    ensure(/^[a-z0-9_.-]*$/.test(slug(roleName)), "a slug has other characters");
    ensure(/^[a-z0-9_.-]+$/.test(accountSlug(account)), "an account without a slug");
    const encoded = encodeName(roleName);
    ensure(
      encoded === "" || encoded.length > 256 || isPortableName(encoded) || encoded === "__proto__",
      "not a portable name",
    );
    ensure(decodeURIComponent(encoded) === roleName.toWellFormed(), "two names become one");
  },
});

const urls = fc.oneof(
  fc
    .constantFrom(
      "https://my-company.awsapps.com/start#/",
      "https://d-1234567890.awsapps.com/start/#/console?account_id=1",
      "https://ssoins-1111111111111111.portal.us-east-1.app.aws",
      "https://identitycenter.amazonaws.com/ssoins-1111111111111111",
      "d-1234567890",
      "my-company.awsapps.com",
      "sso.example.com:8443/aws",
    )
    .chain((url) =>
      damage(url, ["https://", "@", ":", "#/", "?", "%2f", "[::1]", "xn--", "..", "awsapps.com"]),
    ),
  fc.webUrl({ withQueryParameters: true, withFragments: true }),
  arbitraryText(30),
);

const startUrl = createTarget({
  name: "start-url",
  values: fc.tuple(urls, fc.boolean()),
  check([typed, completes]) {
    const reading = readTypedStartUrl(typed, completes);
    for (const text of [typed, reading.kind === "url" ? reading.url : ""]) {
      isAccessPortal(text);
      isDualStackPortal(text);
      const region = findRegionInStartUrl(text);
      ensure(region === undefined || isRegion(region), "not a region");
      ensure(isPortableName(proposeSessionName(text, ["sso", "my-company"])), "not a session name");
    }
    if (reading.kind !== "url") return;
    ensure(isStartUrl(reading.url), "no start URL");
    ensure(isStartUrl(trimPortalUrl(reading.url)), "it is not a start URL after trimming");
    const again = readTypedStartUrl(reading.url, completes);
    ensure(again.kind === "url" && again.url === reading.url, "it differs when it is read again");
  },
});

const regions = fc.oneof(
  fc
    .constantFrom("us-east-1", "eusc-de-east-1", "us-gov-west-1")
    .chain((region) => damage(region, ["-", "1", "us", "East", "_", "eats"])),
  arbitraryText(12),
);

const region = createTarget({
  name: "region",
  values: regions,
  check(text) {
    const judged = judgeRegion(text);
    if (judged.kind === "slip")
      ensure(judgeRegion(judged.meant).kind === "known", `${judged.meant} is no region`);
    for (const like of listRegionsLike(text)) ensure(isRegion(like), `${like} is no region`);
    if (isRegion(text)) ensure(isClientRegion(text), "a region that no client accepts");
    // The region becomes part of a host name, so it must not end the name or begin another one.
    if (isClientRegion(text))
      ensure(
        [null, `oidc.${text.toLowerCase()}.amazonaws.com`].includes(
          URL.parse(`https://oidc.${text}.amazonaws.com`)?.hostname ?? null,
        ),
        "another host",
      );
    for (const kind of Object.keys(VALUES) as ValueName[]) {
      const fault = describeFault(kind, text);
      ensure((fault === undefined) === VALUES[kind].isRight(text), `${kind} is judged twice`);
      ensure(describeCure(kind, text) !== "", `${kind} has no cure`);
    }
  },
});

const TEAM = `; the team's
[session]
name = acme
start_url = https://acme.awsapps.com/start
region = eu-west-1
registration_scopes = sso:account:access

[profiles]
template = "{account.slug}-{role}"
form = sso-session
region = account:payments-*=eu-west-1
region = eu-west-1
output = json
filter = account:payments-*
exclude = role:Billing

[set]
cli_pager = less
`;

const folder = createTemporaryFolder();

const teamFile = createTarget({
  name: "team-file",
  values: fc.oneof(
    {
      weight: 6,
      arbitrary: damage(TEAM, [
        "[set]\n",
        "credential_process = x\n",
        "\n[",
        "__proto__ = 1\n",
        "[]",
        '"',
        "\n",
      ]).map((text) => Buffer.from(text, "utf8")),
    },
    { weight: 1, arbitrary: arbitraryBytes() },
  ),
  open: folder.open,
  async check(bytes) {
    const path = join(folder.path(), "team.ini");
    writeFileSync(path, bytes);
    const team = await expectValueOrFailure(() => readTeamFile(path), ["CONFIG_INVALID"]);
    if (team === undefined) return;
    const { session, startUrl: url, ssoRegion, template: names, extras } = team;
    ensure(session === undefined || isPortableName(session), "not a session name");
    ensure(url === undefined || isStartUrl(url), "not a start URL");
    ensure(ssoRegion === undefined || isRegion(ssoRegion), "not a region");
    ensure(names === undefined || isTemplate(names), "not a template");
    for (const extra of extras)
      ensure(
        HARMLESS_KEYS.includes(extra.split("=")[0] ?? "") && /^\w+=[\w.+-]+$/.test(extra),
        `${extra} is set`,
      );
  },
});

export const NAME_TARGETS = [template, startUrl, region, teamFile];
