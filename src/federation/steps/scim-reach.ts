import { createConnection } from "../../aws/connection.ts";
import { toDeadline } from "../administrator.ts";
import { AWS_IDENTITY_SOURCE, SCIM_DOCS } from "../places.ts";
import type { ScimAccess, ScimAnswer } from "../scim/client.ts";
import type { ScimEndpoint } from "../scim/endpoint.ts";
import { findScimEndpoint } from "../scim/token.ts";
import { fail, ok, skip, warn, type CheckState, type Step, type Verdict } from "../step.ts";

/** Step 4: whether the SCIM endpoint accepts the token and is in the instance's region. */
export const scimReachStep: Step = {
  id: "scim-reach",
  learnsFrom: ["instance"],
  async judge(state) {
    const { context, options } = state;
    if (options.provisioning === "manual") return skip("provisioning by hand");
    const found = findScimEndpoint(context, options.scimEndpoint);
    if (found === undefined) return skip("no --scim-endpoint given or saved");
    const token = await state.readToken();
    if (token === undefined) return skip("no SCIM token (--token-stdin, or LATCHKEY_SCIM_TOKEN)");
    const { endpoint } = found;
    if (endpoint === undefined) return found.problem;

    const deadline = toDeadline(context, options.administrator.timeout);
    const { base, region = "us-east-1" } = endpoint;
    const signIn = createConnection(context, "SIGNIN", { region }, deadline);
    // No AWS variable replaces a SCIM endpoint: requests use the URL that was given or saved.
    const access = { connection: { ...signIn, endpoint: undefined }, base, token };
    const tokenExpiresAt = options.tokenExpiresAt ?? found.tokenExpiresAt;
    const verdict = await reachEndpoint(state, access, endpoint, tokenExpiresAt);
    if (verdict.status !== "fail") state.scim = access;
    return verdict;
  },
};

const docs = SCIM_DOCS;
const CHECK_PATH = "Check the endpoint's path: it must end in /scim/v2.";

async function reachEndpoint(
  { context, admin }: CheckState,
  access: ScimAccess,
  endpoint: ScimEndpoint,
  tokenExpiresAt: Date | undefined,
): Promise<Verdict> {
  const { fetchScim } = await import("../scim/client.ts");
  const startedAt = context.monotonic();
  const config = await fetchScim(access, "ServiceProviderConfig");
  const milliseconds = Math.round(context.monotonic() - startedAt);
  if (config.kind === "foreign") {
    const summary = `the endpoint is not a SCIM service: ${config.reason}`;
    return fail("FED-SCIM-FOREIGN", summary, CHECK_PATH, { docs });
  }

  const users = config.kind === "ok" ? await fetchScim(access, "Users", { count: "1" }) : config;
  if (users.kind === "refused") {
    const hasExpired = tokenExpiresAt !== undefined && tokenExpiresAt <= context.now();
    return refusalVerdict(users, hasExpired ? tokenExpiresAt : undefined);
  }
  if (users.kind === "foreign")
    return fail("FED-SCIM-FOREIGN", `Users is not a SCIM list: ${users.reason}`, [], { docs });
  return endpointVerdict(endpoint, admin?.region, milliseconds);
}

/** @param expiredAt the recorded expiry date, if that date has passed. */
function refusalVerdict(
  { status, requestId }: RefusedAnswer,
  expiredAt: Date | undefined,
): Verdict {
  const request = requestId === undefined ? "" : ` (request ${requestId})`;
  const details = { evidence: { status, requestId: requestId ?? null }, docs };
  if (status !== 401 && status !== 403)
    return fail("FED-SCIM-REFUSED", `HTTP ${status}${request}`, CHECK_PATH, details);
  const day = expiredAt?.toISOString().slice(0, 10);
  const expired = day === undefined ? "" : `; according to the recorded date, it expired on ${day}`;
  return fail(
    "FED-SCIM-UNAUTHORIZED",
    `HTTP ${status}${request}: the token is wrong, expired or revoked, or the tenant id in the endpoint is mistyped (AWS answers 401 in all these cases)${expired}`,
    [
      `Compare the endpoint with ${AWS_IDENTITY_SOURCE} › Provisioning`,
      "If it is right, generate a new token there and enter it in Okta: Provisioning › Integration › API token",
    ],
    details,
  );
}

type RefusedAnswer = Extract<ScimAnswer, { kind: "refused" }>;

/** The verdict on an endpoint that accepted the token. */
function endpointVerdict(
  { base, region, warnings }: ScimEndpoint,
  instanceRegion: string | undefined,
  milliseconds: number,
): Verdict {
  if (instanceRegion !== undefined && region !== undefined && region !== instanceRegion)
    return fail(
      "FED-SCIM-REGION",
      `the SCIM endpoint is in ${region}, the instance in ${instanceRegion}`,
      `Copy the endpoint of this instance: ${AWS_IDENTITY_SOURCE} › Provisioning`,
      { docs },
    );
  const evidence = { milliseconds, baseUrl: base };
  const summary = `200 in ${milliseconds} ms`;
  const [warning, ...others] = warnings;
  if (warning === undefined) return ok(summary, evidence);
  const hint = [`Okta Base URL: ${base}`, ...others];
  return warn("FED-SCIM-URL", `${summary}; ${warning}`, hint, { evidence });
}
