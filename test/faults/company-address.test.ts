import { expect } from "vitest";
import type { OtherHosts } from "./support/raw-servers.ts";
import { row } from "./support/row.ts";
import { startCompanyProxy, createRedirect, VANITY } from "./support/company-proxy.ts";

const CORP = ".aws/sso/cache/ee0bfd2552fbd840c02cc48b6e823320543c450f.json";

row(
  74,
  "a company's own address is followed once; the config gets the portal's region, the token file keeps the address",
  async () => {
    const { home, asked, login } = await startCompanyProxy(
      VANITY,
      "us-east-1",
      createRedirect("https://ssoins-0123456789abcdef.eu-central-1.portal.amazonaws.com/?y#z"),
    );
    const result = await login();
    expect(result, result.stderr).toMatchObject({ exitCode: 0, stdout: "" });
    expect(asked[0]).toBe("HEAD aws.example.com/portal?x=1");
    expect(asked.filter((one) => /HEAD|GET/.test(one))).toHaveLength(1);
    expect(asked.slice(1).every((one) => one.includes("oidc.eu-central-1.amazonaws.com"))).toBe(
      true,
    );
    const [sent] = home.emulator.journal.entries({ route: "StartDeviceAuthorization" });
    expect(sent?.body).toMatchObject({
      startUrl: "https://ssoins-0123456789abcdef.eu-central-1.portal.amazonaws.com",
    });
    expect(JSON.parse(home.read(CORP))).toMatchObject({ startUrl: VANITY, region: "eu-central-1" });
    expect(home.read(".aws/config")).toBe(
      `# mine\n[sso-session corp]\nsso_start_url = ${VANITY}\nsso_region = eu-central-1\nsso_registration_scopes = sso:account:access\n`,
    );
    expect(result.stderr).toMatch(
      /sso_region of corp becomes eu-central-1 in .*config \(was us-east-1\)/,
    );
    const again = await login();
    expect(again, again.stderr).toMatchObject({
      exitCode: 0,
      stderr: expect.stringContaining("Already signed in to corp."),
    });
  },
);

row(
  74,
  "the config's region stays if the portal names none; GET replaces a HEAD that is not allowed",
  async () => {
    const { home, asked, login } = await startCompanyProxy(
      VANITY,
      "eu-central-1",
      (host, { method }) => {
        if (host !== "aws.example.com") return undefined;
        if (method === "HEAD") return { status: 405 };
        return { status: 301, headers: { location: "https://d-1234567890.awsapps.com/start/#/" } };
      },
    );
    const before = home.read(".aws/config");
    const result = await login();
    expect(result, result.stderr).toMatchObject({ exitCode: 0 });
    expect(asked.slice(0, 2)).toEqual([
      "HEAD aws.example.com/portal?x=1",
      "GET aws.example.com/portal?x=1",
    ]);
    expect(
      home.emulator.journal.entries({ route: "StartDeviceAuthorization" })[0]?.body,
    ).toMatchObject({ startUrl: "https://d-1234567890.awsapps.com/start" });
    expect(home.read(".aws/config")).toBe(before);
  },
);

for (const [what, others, exitCode, words] of [
  [
    "to an address outside of AWS",
    createRedirect("https://elsewhere.example/"),
    7,
    "does not redirect to one (elsewhere.example)",
  ],
  [
    "to a name that only looks like AWS's",
    createRedirect("https://awsapps.com.evil.example/start"),
    7,
    "does not redirect to one (awsapps.com.evil.example)",
  ],
  [
    "to a portal without TLS",
    createRedirect("http://d-1234567890.awsapps.com/start"),
    7,
    "does not redirect to one",
  ],
  [
    "nowhere: it is a page",
    ((host) => (host === "aws.example.com" ? { status: 200 } : undefined)) satisfies OtherHosts,
    7,
    "does not redirect to one (aws.example.com)",
  ],
  [
    "nowhere: it is not found",
    createRedirect("", 404),
    6,
    "does not lead to an access portal (HTTP 404)",
  ],
  [
    "nowhere: a redirect without a target",
    ((host) => (host === "aws.example.com" ? { status: 302 } : undefined)) satisfies OtherHosts,
    6,
    "does not lead to an access portal (HTTP 302)",
  ],
] as const) {
  row(
    74,
    `a company's address that leads ${what}: exit ${exitCode}, and no request to the sign-in service`,
    async () => {
      const { home, login } = await startCompanyProxy(VANITY, "eu-central-1", others);
      const before = home.read(".aws/config");
      const result = await login();
      expect(result, result.stderr).toMatchObject({
        exitCode,
        stdout: "",
        stderr: expect.stringContaining(words),
      });
      expect(home.emulator.journal.entries()).toEqual([]);
      expect([home.read(".aws/config"), home.list(".aws/sso/cache")]).toEqual([before, []]);
    },
  );
}

row(
  74,
  "a sign-in through a company's address that is refused does not change the config",
  async () => {
    const { home, login } = await startCompanyProxy(
      VANITY,
      "us-east-1",
      createRedirect("https://ssoins-0123456789abcdef.eu-central-1.portal.amazonaws.com/"),
    );
    home.emulator.autoApprove(null);
    home.emulator.setFault({ route: "CreateToken", status: 400, error: "AccessDeniedException" });
    const before = home.read(".aws/config");
    expect(await login()).toMatchObject({ exitCode: 9 });
    expect([home.read(".aws/config"), home.list(".aws/sso/cache")]).toEqual([before, []]);
  },
);

row(75, "a sign-in to a dual-stack portal uses the dual-stack host automatically", async () => {
  const startUrl = "https://ssoins-1234567890abcdef.portal.eu-central-1.app.aws";
  const { asked, login } = await startCompanyProxy(startUrl, "eu-central-1", () => undefined);
  expect(await login()).toMatchObject({ exitCode: 0 });
  expect(asked.every((one) => one.includes(" oidc.eu-central-1.api.aws/"))).toBe(true);
});
