import type { Context } from "../../context.ts";
import type { Check } from "../report.ts";
import { isEndpoint, parseScimEndpoint } from "./endpoint.ts";
import { usageError } from "../../errors.ts";
import { checkFederation } from "../check.ts";
import type { CheckOptions } from "../check-state.ts";
import { recordScim, findScimEndpoint, findScimToken } from "./token.ts";

/** What the SCIM token alone can tell: the steps of the checklist that need nothing of AWS. */

interface ScimCheckOptions {
  readonly endpoint: string | undefined;
  readonly user: string | undefined;
  readonly group: string | undefined;
  readonly tokenStdin: boolean;
  readonly tokenExpiresAt: Date | undefined;
  readonly save: boolean;
  readonly timeoutSeconds: number | undefined;
}

interface ScimCheckResult {
  /** As Okta needs it, without the trailing slash; null where the endpoint is none. */
  readonly baseUrl: string | null;
  readonly checks: readonly Check[];
  readonly savedIn: string | null;
}

export async function checkScim(
  context: Context,
  options: ScimCheckOptions,
): Promise<ScimCheckResult> {
  const given = findScimEndpoint(context, options.endpoint);
  if (given === undefined)
    throw usageError(
      "Which SCIM endpoint?",
      "Name it: --endpoint https://scim.REGION.amazonaws.com/TENANT/scim/v2",
    );
  const knownToken = await findScimToken(context, options.tokenStdin, options.endpoint);
  if (knownToken === undefined)
    throw usageError(
      "No SCIM token to ask with.",
      "Give it on stdin with --token-stdin, or in LATCHKEY_SCIM_TOKEN.",
    );
  const checks = await checkFederation(context, askScimOnly(options, given.text, knownToken), {
    only: ["scim-reach", "scim-token", "user", "group", "member"],
    watchSeconds: 0,
    onStep: () => undefined,
  });
  const endpoint = parseScimEndpoint(given.text);
  const baseUrl = isEndpoint(endpoint) ? endpoint.base : null;
  const isReached = checks.some(
    ({ id, status }) => id === "scim-reach" && (status === "ok" || status === "warn"),
  );
  return {
    baseUrl,
    checks,
    savedIn:
      options.save && baseUrl !== null && isReached
        ? await recordScim(context, baseUrl, knownToken, options.tokenExpiresAt)
        : null,
  };
}

function askScimOnly(
  options: ScimCheckOptions,
  endpoint: string,
  knownToken: string,
): CheckOptions {
  const { user, group, tokenStdin, tokenExpiresAt, timeoutSeconds } = options;
  return {
    user,
    group,
    tokenStdin,
    knownToken,
    tokenExpiresAt,
    scimEndpoint: endpoint,
    minDays: 0,
    why: false,
    provisioning: "scim",
    scimOnly: true,
    administrator: { timeoutSeconds },
  };
}
