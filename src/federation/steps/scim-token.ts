import { formatInstant } from "../../text/instant.ts";
import { AWS_IDENTITY_SOURCE } from "../places.ts";
import { findScimEndpoint } from "../scim/token.ts";
import { fail, ok, skip, warn, type Step } from "../step.ts";

const DAY_MILLISECONDS = 86_400_000;
const SOON_DAYS = 90;
const TOO_SOON_DAYS = 30;

const RECORD =
  "Record the day on which the token was created: latchkey federation scim --save --token-created DATE";
const ROTATE = [
  `${AWS_IDENTITY_SOURCE} › Provisioning › Generate token (two may exist at a time), then enter it in Okta: Provisioning › Integration › API token`,
  "Then record its date: latchkey federation scim --save --token-created DATE",
];

/** Step 5: when the SCIM token expires. The recorded date is the only source: AWS has no API for it. */
export const scimTokenStep: Step = {
  id: "scim-token",
  needs: ["scim-reach"],
  async judge({ context, options, scim }) {
    if (scim === undefined) return skip("no SCIM endpoint and token");
    const expiresAt =
      options.tokenExpiresAt ?? findScimEndpoint(context, options.scimEndpoint)?.tokenExpiresAt;
    if (expiresAt === undefined)
      return warn("FED-SCIM-TOKEN-EXPIRY-UNKNOWN", "expiry unknown: AWS has no API for it", RECORD);

    const instant = formatInstant(expiresAt);
    const day = instant.slice(0, 10);
    const daysLeft = Math.floor((expiresAt.getTime() - context.now().getTime()) / DAY_MILLISECONDS);
    const evidence = { expiresAt: instant, daysLeft, source: "recorded" };
    const expired = `according to the recorded date, the token expired on ${day}`;
    if (daysLeft < 0) return fail("FED-SCIM-TOKEN-EXPIRED", expired, ROTATE, { evidence });
    const summary = `expires ${day} (${daysLeft} days)`;
    const tooSoon = `${summary}; then the sync stops without a message`;
    if (daysLeft <= TOO_SOON_DAYS)
      return fail("FED-SCIM-TOKEN-EXPIRES", tooSoon, ROTATE, { evidence });
    if (daysLeft <= SOON_DAYS) return warn("FED-SCIM-TOKEN-EXPIRES", summary, ROTATE, { evidence });
    return ok(summary, evidence);
  },
};
