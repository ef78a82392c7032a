import { expect, test } from "vitest";
import { findPortalEndpoint } from "../../src/aws/role-credentials.ts";
import { resolvePortalEndpoint } from "../../src/aws/portal.ts";
import { createConnection } from "../../src/aws/connection.ts";
import { createContext } from "../support/context.ts";
import { createEmulatedHome } from "../support/emulated-home.ts";

/** Regions of each partition and each form of a name. The SDK's rules define their portals' addresses. */
const REGIONS = [
  "us-east-1",
  "us-west-2",
  "eu-central-1",
  "eu-west-3",
  "ap-southeast-7",
  "ap-northeast-3",
  "sa-east-1",
  "ca-west-1",
  "me-central-1",
  "af-south-1",
  "il-central-1",
  "mx-central-1",
  "us-gov-west-1",
  "us-iso-east-1",
  "us-isob-east-1",
  "us-isof-south-1",
  "eu-isoe-west-1",
  "eusc-de-east-1",
  "cn-north-1",
  "cn-northwest-1",
];

const VARIANTS = [
  {},
  { AWS_USE_FIPS_ENDPOINT: "true" },
  { AWS_USE_DUALSTACK_ENDPOINT: "true" },
  { AWS_USE_FIPS_ENDPOINT: "true", AWS_USE_DUALSTACK_ENDPOINT: "true" },
];

test("the portal is asked for role credentials at the address of the SDK's rules, in every partition and variant", async () => {
  const home = await createEmulatedHome();
  const unset = { AWS_ENDPOINT_URL: "", AWS_ENDPOINT_URL_SSO: "" };
  for (const region of REGIONS)
    for (const variant of VARIANTS) {
      const context = createContext(home, { ...unset, ...variant });
      const connection = createConnection(context, "SSO", { region });
      const known = resolvePortalEndpoint(connection).replace(/\/$/, "");
      const found = (await findPortalEndpoint(connection)).replace(/\/$/, "");
      expect(`${region} ${JSON.stringify(variant)} ${found}`).toBe(
        `${region} ${JSON.stringify(variant)} ${known}`,
      );
    }
});
