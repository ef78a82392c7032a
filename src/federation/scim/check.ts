import type { Context } from "../../context.ts";
import { usageError } from "../../errors.ts";
import { checkFederation } from "../check.ts";
import { hasSucceeded, type Check, type CheckOptions } from "../step.ts";
import { findScimEndpoint, findScimToken, recordScim } from "./token.ts";

/** Runs the steps of the checklist that need only the SCIM token, no AWS credentials. */

interface ScimCheckOptions extends Pick<
  CheckOptions,
  "scimEndpoint" | "user" | "group" | "tokenStdin" | "tokenExpiresAt"
> {
  readonly save: boolean;
  readonly timeout: number | undefined;
}

export interface ScimCheckResult {
  /** The Base URL for Okta, without a trailing slash; null if the endpoint is invalid. */
  readonly baseUrl: string | null;
  readonly checks: readonly Check[];
  /** The file in which the endpoint and the date were saved; null if nothing was saved. */
  readonly savedIn: string | null;
}

export async function checkScim(
  context: Context,
  { save, timeout, ...options }: ScimCheckOptions,
): Promise<ScimCheckResult> {
  const { scimEndpoint, tokenExpiresAt, tokenStdin } = options;
  const found = findScimEndpoint(context, scimEndpoint);
  if (found === undefined)
    throw usageError(
      "Which SCIM endpoint?",
      "Name it: --endpoint https://scim.REGION.amazonaws.com/TENANT/scim/v2",
    );
  const knownToken = await findScimToken(context, tokenStdin, scimEndpoint);
  if (knownToken === undefined)
    throw usageError(
      "There is no SCIM token.",
      "Give it on stdin with --token-stdin, or in LATCHKEY_SCIM_TOKEN.",
    );
  const asked: CheckOptions = {
    ...options,
    knownToken,
    minDays: 0,
    why: false,
    provisioning: "scim",
    scimOnly: true,
    administrator: { timeout },
  };
  const checks = await checkFederation(context, asked, {
    only: ["scim-reach", "scim-token", "user", "group", "member"],
    watchSeconds: 0,
    onStep: () => undefined,
  });
  const baseUrl = found.endpoint?.base ?? null;
  const isReached = hasSucceeded(checks.find(({ id }) => id === "scim-reach"));
  const savedIn =
    save && baseUrl !== null && isReached
      ? await recordScim(context, baseUrl, knownToken, tokenExpiresAt)
      : null;
  return { baseUrl, checks, savedIn };
}
