import type { ConfigSection } from "../../aws-config/document.ts";
import { isRegion } from "../../model/start-url.ts";
import { findValue } from "../../profiles/profile.ts";
import { editDistance } from "../../text/terminal.ts";
import type { Observations, Rule } from "../rule.ts";
import { findEntry, formatHeader, locateKey, listProfiles, listSessions } from "../places.ts";

/** Misspelt keys and regions: every reader passes them over in silence, or asks a host that is not there. */

export const KEY_RULES: readonly Rule[] = [
  {
    id: "key-misspelt",
    level: "warn",
    subject: "config",
    looksFor: "a misspelt key (`sso_registration_scope`, `so_start_url`)",
    readers: "every client passes it over in silence",
    judge: (seen) =>
      findMisspeltKeys(seen).map(({ section, wrong, right }) => ({
        what: `${formatHeader(section)} has the key ${wrong}, which should be ${right}`,
        evidence: locateKey(seen.config, section, wrong),
        hint: `latchkey doctor --fix renames it to ${right}`,
      })),
    mend: (seen) =>
      findMisspeltKeys(seen).map(({ section, wrong, right, value }) => [
        {
          type: section.type === "sso-session" ? "sso-session" : "profile",
          name: section.name,
          set: [[right, value]],
          remove: [wrong],
        },
      ]),
  },
  {
    id: "region-misspelt",
    level: "warn",
    subject: "config",
    looksFor: "a region that is nearly the name of one (`use-east-1`, `eu-west1`)",
    readers: "every client asks a host that does not exist",
    judge: (seen) =>
      [...listProfiles(seen), ...listSessions(seen)].flatMap((section) =>
        ["region", "sso_region"].flatMap((key) => {
          const region = findValue(section, key);
          // Without a region's form, an sso_region is an error by another rule; other stores have regions of their own.
          if (
            region === undefined ||
            (key === "sso_region" && !isRegion(region)) ||
            findValue(section, "endpoint_url") !== undefined
          )
            return [];
          const meant = findIntendedRegion(region);
          return meant === undefined
            ? []
            : [
                {
                  what: `${formatHeader(section)} has the ${key} ${JSON.stringify(region)}`,
                  evidence: locateKey(seen.config, section, key),
                  hint: `Did you mean ${meant}?`,
                },
              ];
        }),
      ),
  },
];

interface MisspeltKey {
  readonly wrong: string;
  readonly right: string;
  readonly value: string;
}

/** Long enough that two letters are a slip and not another word. */
const OFTEN_MISSPELT = [
  "sso_start_url",
  "sso_region",
  "sso_account_id",
  "sso_role_name",
  "sso_session",
  "sso_registration_scopes",
  "credential_process",
  "source_profile",
  "role_arn",
  "region",
];
const MOST_SLIPS = 2;
const SHORT_KEY = 8;

export function findMisspeltKeysOf(section: ConfigSection): MisspeltKey[] {
  return section.entries.flatMap(({ key, value }) => {
    if (KNOWN_KEYS.has(key) || value === "") return [];
    const right = OFTEN_MISSPELT.find(
      (candidate) =>
        editDistance(key, candidate) <= (candidate.length <= SHORT_KEY ? 1 : MOST_SLIPS),
    );
    return right === undefined || findEntry(section, right) !== undefined
      ? []
      : [{ wrong: key, right, value }];
  });
}

function findMisspeltKeys(
  seen: Observations,
): Array<MisspeltKey & { readonly section: ConfigSection }> {
  return [...listProfiles(seen), ...listSessions(seen)].flatMap((section) =>
    findMisspeltKeysOf(section).map((key) => ({ ...key, section })),
  );
}

/** Keys of profiles and sessions in the AWS CLI and the SDKs that come near to one of those. */
const KNOWN_KEYS = new Set([
  ...OFTEN_MISSPELT,
  "sso_account_name",
  "sigv4a_signing_region_set",
  "role_session_name",
  "credential_source",
  "login_session",
  "output",
]);

/** In use in 2026, by what stands before the number: a new number there is a new region, and no slip. */
const REGION_AREAS = [
  "af-south",
  "ap-east",
  "ap-northeast",
  "ap-south",
  "ap-southeast",
  "ca-central",
  "ca-west",
  "cn-north",
  "cn-northwest",
  "eu-central",
  "eu-north",
  "eu-south",
  "eu-west",
  "eusc-de-east",
  "il-central",
  "me-central",
  "me-south",
  "mx-central",
  "sa-east",
  "us-east",
  "us-gov-east",
  "us-gov-west",
  "us-iso-east",
  "us-iso-west",
  "us-isob-east",
  "us-west",
];

/** The region that a slip stands for; undefined for a right one, and for what is no slip. */
function findIntendedRegion(region: string): string | undefined {
  const [, area = "", dash = "", number = ""] =
    /^(.*?)(-?)(\d+)$/.exec(region.trim().toLowerCase()) ?? [];
  if (
    area === "" ||
    (REGION_AREAS.includes(area) && dash === "-" && region === region.trim().toLowerCase())
  )
    return undefined;
  const near = REGION_AREAS.map((known) => ({ known, slips: editDistance(area, known) }))
    .filter(({ slips }) => slips <= MOST_SLIPS)
    .sort((a, b) => a.slips - b.slips)[0];
  return near === undefined ? undefined : `${near.known}-${number}`;
}
