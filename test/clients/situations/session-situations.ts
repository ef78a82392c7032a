import { CLIENTS } from "../clients.ts";
import type { Place } from "./place.ts";
import {
  ACCOUNT,
  CONFIG,
  buildProfile,
  LEGACY_LINES,
  PROFILE,
  REGION,
  ROLE,
  SESSION,
  SESSION_LINES,
  SSO_LINES,
  type Situation,
} from "./situation.ts";

/** Situations with the profile, its session, the token and the portal. */

const signInAgain = (place: Place): void => place.writeToken("good");
const writeGoodConfig = (place: Place): void => place.writeConfig(CONFIG);
const clearFaults = ({ emulator }: Place): void => void emulator.clearFaults();
const refuseAtPortal =
  (refusal: { readonly error: string } | { readonly status: number }) =>
  ({ emulator }: Place): void => {
    for (const route of ["ListAccounts", "ListAccountRoles", "GetRoleCredentials"] as const)
      emulator.setFault({ route, ...refusal });
  };
/** latchkey stores tokens by portal and Region, and reports that there is none. */
const OTHERS_THAN_LATCHKEY = [...CLIENTS.map(({ name }) => name), "aws-cli-v1"];
/** Without a region, some clients print only that error. */
const REGION_VARIABLES = { AWS_REGION: REGION, AWS_DEFAULT_REGION: REGION };
const LEGACY = buildProfile(LEGACY_LINES);

export const SESSION_SITUATIONS: readonly Situation[] = [
  {
    id: "profile-misspelt",
    cause: "profile-missing",
    config: CONFIG.replaceAll(PROFILE, "payments"),
    env: REGION_VARIABLES,
    cure: writeGoodConfig,
    isQuick: true,
  },
  {
    id: "profile-without-config",
    cause: "profile-missing",
    env: REGION_VARIABLES,
    arrange: (place) => place.remove(".aws/config"),
    cure: writeGoodConfig,
  },
  {
    id: "profile-source-missing",
    cause: "profile-missing",
    config: `${buildProfile(`role_arn = arn:aws:iam::${ACCOUNT}:role/Deploy\nsource_profile = base\n`)}${SESSION_LINES}`,
    cure: (place) =>
      place.writeConfig(
        `${buildProfile(`role_arn = arn:aws:iam::${ACCOUNT}:role/Deploy\nsource_profile = base\n`)}[profile base]\n${SSO_LINES}region = ${REGION}\n${SESSION_LINES}`,
      ),
  },
  {
    id: "session-missing",
    cause: "session-missing",
    config: buildProfile(SSO_LINES),
    cure: writeGoodConfig,
    isQuick: true,
  },
  {
    id: "session-misspelt",
    cause: "session-missing",
    config: CONFIG.replace(`sso-session ${SESSION}`, "sso-session workfroce"),
    cure: writeGoodConfig,
  },
  {
    id: "session-without-start-url",
    cause: "config-invalid",
    config: CONFIG.replace(/sso_start_url.*\n/, ""),
    cure: writeGoodConfig,
  },
  {
    id: "session-without-region",
    cause: "config-invalid",
    config: CONFIG.replace(/sso_region.*\n/, ""),
    cure: writeGoodConfig,
  },
  {
    id: "profile-without-role",
    cause: "config-invalid",
    config: CONFIG.replace(/sso_role_name.*\n/, ""),
    cure: writeGoodConfig,
  },
  {
    id: "legacy-without-region",
    cause: "config-invalid",
    config: LEGACY.replace(/sso_region.*\n/, ""),
    token: "legacy",
    cure: (place) => place.writeConfig(LEGACY),
  },
  {
    id: "session-and-legacy-differ",
    cause: "config-invalid",
    config: CONFIG.replace(SSO_LINES, `${SSO_LINES}sso_region = us-west-2\n`),
    cure: writeGoodConfig,
  },
  {
    id: "config-unreadable",
    cause: "config-invalid",
    config: `${CONFIG}[profile broken\nregion = ${REGION}\n`,
    cure: writeGoodConfig,
    isQuick: true,
  },
  {
    id: "config-line-without-equals",
    cause: "config-invalid",
    config: CONFIG.replace("sso_region = ", "sso_region "),
    cure: writeGoodConfig,
  },
  {
    id: "role-without-source",
    cause: "config-invalid",
    config: buildProfile(`role_arn = arn:aws:iam::${ACCOUNT}:role/Deploy\n`),
    cure: writeGoodConfig,
  },
  {
    id: "client-before-sessions",
    cause: "client-too-old",
    clients: ["boto3 of 2022"],
  },
  {
    id: "token-missing",
    cause: "token-missing",
    token: "none",
    cure: signInAgain,
    isQuick: true,
  },
  {
    id: "token-missing-legacy",
    cause: "token-missing",
    config: LEGACY,
    token: "none",
    cure: (place) => place.writeToken("legacy"),
  },
  {
    id: "token-ended",
    cause: "token-expired",
    token: "ended-for-good",
    cure: signInAgain,
    isQuick: true,
  },
  {
    id: "token-ended-legacy",
    cause: "token-expired",
    config: LEGACY,
    token: "legacy-ended",
    cure: (place) => place.writeToken("legacy"),
  },
  {
    id: "refresh-refused",
    cause: "refresh-refused",
    token: "ended",
    arrange: ({ emulator }) => void emulator.revokeRefreshTokens(),
    cure: signInAgain,
    isQuick: true,
  },
  {
    id: "refresh-by-a-forgotten-client",
    cause: "refresh-refused",
    token: "ended",
    arrange: ({ emulator }) => void emulator.invalidateClient(),
    cure: signInAgain,
  },
  {
    id: "session-ended",
    cause: "session-ended",
    arrange: ({ emulator }) => void emulator.revokeSessions(),
    cure: signInAgain,
    isQuick: true,
  },
  {
    id: "session-ended-legacy",
    cause: "session-ended",
    config: LEGACY,
    token: "legacy",
    arrange: ({ emulator }) => void emulator.revokeSessions(),
    cure: (place) => place.writeToken("legacy"),
  },
  {
    id: "role-not-assigned",
    cause: "role-not-assigned",
    arrange: ({ emulator }) => void emulator.unassign(ACCOUNT, ROLE),
    cure: ({ emulator }) => void emulator.assign(ACCOUNT, ROLE),
    isQuick: true,
  },
  {
    id: "role-not-assigned-legacy",
    cause: "role-not-assigned",
    config: LEGACY,
    token: "legacy",
    arrange: ({ emulator }) => void emulator.unassign(ACCOUNT, ROLE),
    cure: ({ emulator }) => void emulator.assign(ACCOUNT, ROLE),
  },
  {
    id: "scope-missing",
    cause: "scope-missing",
    config: CONFIG.replace("sso:account:access", "codewhisperer:completions"),
    arrange: refuseAtPortal({ error: "UnauthorizedException" }),
    cure(place) {
      clearFaults(place);
      writeGoodConfig(place);
      signInAgain(place);
    },
  },
  {
    id: "session-region-wrong",
    cause: "region-wrong",
    config: CONFIG.replace(`sso_region = ${REGION}`, "sso_region = eu-west-1"),
    clients: OTHERS_THAN_LATCHKEY,
    arrange(place) {
      refuseAtPortal({ error: "UnauthorizedException" })(place);
      place.emulator.turn("region", { region: "eu-west-1" });
    },
    cure(place) {
      clearFaults(place);
      place.emulator.turn("region", { region: REGION });
      writeGoodConfig(place);
    },
  },
  {
    id: "session-region-unknown",
    cause: "region-wrong",
    config: CONFIG.replace(`sso_region = ${REGION}`, "sso_region = eu-centrall-1"),
    way: "cut-off",
    clients: OTHERS_THAN_LATCHKEY,
  },
  {
    id: "portal-throttles",
    cause: "throttled",
    arrange: refuseAtPortal({ status: 429 }),
    cure: clearFaults,
  },
];
