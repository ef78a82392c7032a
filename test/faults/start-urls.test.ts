import { createHash } from "node:crypto";
import { expect } from "vitest";
import { createHome, type Home, type RunResult } from "../support/home.ts";
import { connectProxy, selfSigned, tlsFront, type OtherHosts } from "./support/raw-servers.ts";
import { row } from "./support/row.ts";

/** Every form of a start URL that AWS has given out: taken as written, since the literal text names the token's file. */

const FORMS = [
  ["the classic one", "https://d-1234567890.awsapps.com/start", "us-east-1"],
  ["with a slash behind", "https://d-1234567890.awsapps.com/start/", "us-east-1"],
  ["with the page's fragment", "https://d-1234567890.awsapps.com/start/#/", "us-east-1"],
  ["with a fragment and no slash", "https://d-1234567890.awsapps.com/start#", "us-east-1"],
  ["a company's own name", "https://my-company.awsapps.com/start", "eu-west-1"],
  ["in capitals", "https://My-Company.AWSApps.com/Start", "eu-west-1"],
  ["with the port said", "https://my-company.awsapps.com:443/start", "eu-west-1"],
  ["GovCloud", "https://start.us-gov-home.awsapps.com/directory/d-1234567890", "us-gov-west-1"],
  [
    "GovCloud with its region",
    "https://start.us-gov-west-1.us-gov-home.awsapps.com/directory/my-company",
    "us-gov-west-1",
  ],
  ["China", "https://start.home.awsapps.cn/directory/my-company", "cn-north-1"],
  ["dual-stack", "https://ssoins-0123456789abcdef.portal.eu-central-1.app.aws", "eu-central-1"],
  [
    "IPv4 of an instance",
    "https://ssoins-0123456789abcdef.eu-central-1.portal.amazonaws.com",
    "eu-central-1",
  ],
  [
    "IPv4 of an instance in China",
    "https://ssoins-0123456789abcdef.cn-north-1.portal.amazonaws.com.cn",
    "cn-north-1",
  ],
  [
    "dual-stack in China",
    "https://ssoins-0123456789abcdef.portal.cn-north-1.app.amazonwebservices.com.cn",
    "cn-north-1",
  ],
  [
    "European sovereign cloud",
    "https://ssoins-0123456789abcdef.eusc-de-east-1.portal.amazonaws.eu",
    "eusc-de-east-1",
  ],
  ["the issuer", "https://identitycenter.amazonaws.com/ssoins-0123456789abcdef", "us-east-1"],
] as const;

for (const [what, startUrl, region] of FORMS) {
  row(74, `${what} (${startUrl}) is written, sent and hashed literally`, async () => {
    const home = await createHome({ autoApprove: { afterPolls: 0 }, region: { region }, startUrl });
    const configured = await home.run([
      "configure",
      "--form",
      "legacy",
      "--profile",
      "plain",
      "--start-url",
      startUrl,
      "--sso-region",
      region,
      "--account-id",
      "100000000001",
      "--role-name",
      "ViewOnlyAccess",
      "--yes",
    ]);
    expect(configured, configured.stderr).toMatchObject({ exitCode: 0 });
    expect(home.read(".aws/config").split("\n")).toContain(`sso_start_url = ${startUrl}`);
    const login = await home.run(["login", "--profile", "plain", "--no-browser"]);
    expect(login, login.stderr).toMatchObject({ exitCode: 0 });
    const sha1 = (text: string): string => createHash("sha1").update(text).digest("hex");
    expect(home.list(".aws/sso/cache")).toEqual([`${sha1(startUrl)}.json`]);
    for (const name of home.list(".aws/sso/cache"))
      expect(JSON.parse(home.read(`.aws/sso/cache/${name}`))).toMatchObject({ startUrl, region });
    const sent = home.emulator.journal
      .entries({ route: "StartDeviceAuthorization" })
      .map(({ body }) => (body as { startUrl: string }).startUrl);
    expect(sent).toEqual([startUrl]);
    expect(await home.run(["credential-process", "--profile", "plain"])).toMatchObject({
      exitCode: 0,
    });
  });
}

row(
  74,
  "what is no https URL, or hides who signs in, is refused before anything is sent",
  async () => {
    const home = await createHome();
    for (const startUrl of [
      "http://d-1.awsapps.com/start",
      "d-1.awsapps.com/start",
      "https://user:word@d-1.awsapps.com/start",
      "javascript:alert(1)",
      "https://",
      "https://a b.example/",
      "https://a.example/\u202e",
    ]) {
      const result = await home.run([
        "login",
        "--start-url",
        startUrl,
        "--sso-region",
        "us-east-1",
        "--no-browser",
      ]);
      expect(result, startUrl).toMatchObject({ exitCode: 2, stdout: "" });
      expect(result.stderr).toContain("--start-url");
    }
    expect(home.emulator.journal.entries()).toEqual([]);
  },
);

/** A home whose https goes through a CONNECT proxy to the emulator, under AWS's own names, and to servers of the test. */
async function behindProxy(
  startUrl: string,
  region: string,
  others: OtherHosts,
): Promise<{ home: Home; asked: string[]; login: (...argv: string[]) => Promise<RunResult> }> {
  const home = await createHome({
    autoApprove: { afterPolls: 0 },
    region: { region: "eu-central-1" },
  });
  const hosts = [
    "aws.example.com",
    "elsewhere.example",
    "oidc.eu-central-1.amazonaws.com",
    "oidc.eu-central-1.api.aws",
    "portal.sso.eu-central-1.amazonaws.com",
    "oidc.us-east-1.amazonaws.com",
  ];
  const certificate = selfSigned(home, "ca", hosts, 30);
  const seen: string[] = [];
  const front = await tlsFront(home, certificate, (host, request) => {
    seen.push(`${request.method} ${host}${request.url}`);
    return others(host, request);
  });
  const proxy = await connectProxy(Number(URL.parse(front.url)?.port));
  home.write(
    ".aws/config",
    `# mine\n[sso-session corp]\nsso_start_url = ${startUrl}\nsso_region = ${region}\nsso_registration_scopes = sso:account:access\n`,
  );
  const env = {
    AWS_ENDPOINT_URL_SSO: undefined,
    AWS_ENDPOINT_URL_SSO_OIDC: undefined,
    AWS_ENDPOINT_URL_STS: undefined,
    AWS_CA_BUNDLE: certificate.certificate,
    HTTPS_PROXY: `http://${proxy.host}`,
  };
  return {
    home,
    asked: seen,
    login: (...argv) => home.run(["login", "--no-browser", ...argv], { env }),
  };
}

const VANITY = "https://aws.example.com/portal?x=1";
const CORP = ".aws/sso/cache/ee0bfd2552fbd840c02cc48b6e823320543c450f.json";
const redirectTo =
  (location: string, status = 302): OtherHosts =>
  (host) =>
    host === "aws.example.com" ? { status, headers: { location } } : undefined;

row(
  74,
  "a company's own address is followed once, to the portal and its region, which the config then says; the token keeps the address",
  async () => {
    const { home, asked, login } = await behindProxy(
      VANITY,
      "us-east-1",
      redirectTo("https://ssoins-0123456789abcdef.eu-central-1.portal.amazonaws.com/?y#z"),
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
  "a portal that names no region leaves the config's; GET stands in for a HEAD that is not known",
  async () => {
    const { home, asked, login } = await behindProxy(VANITY, "eu-central-1", (host, { method }) =>
      host !== "aws.example.com"
        ? undefined
        : method === "HEAD"
          ? { status: 405 }
          : { status: 301, headers: { location: "https://d-1234567890.awsapps.com/start/#/" } },
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
    "to another address that would lead on",
    redirectTo("https://elsewhere.example/"),
    7,
    "leads to none (elsewhere.example)",
  ],
  [
    "to a name that only looks like AWS's",
    redirectTo("https://awsapps.com.evil.example/start"),
    7,
    "leads to none (awsapps.com.evil.example)",
  ],
  [
    "to a portal without TLS",
    redirectTo("http://d-1234567890.awsapps.com/start"),
    7,
    "leads to none",
  ],
  [
    "nowhere: it is a page",
    ((host) => (host === "aws.example.com" ? { status: 200 } : undefined)) satisfies OtherHosts,
    7,
    "leads to none (aws.example.com)",
  ],
  ["nowhere: it is not found", redirectTo("", 404), 6, "leads nowhere (HTTP 404)"],
  [
    "nowhere: a redirect without a target",
    ((host) => (host === "aws.example.com" ? { status: 302 } : undefined)) satisfies OtherHosts,
    6,
    "leads nowhere (HTTP 302)",
  ],
] as const) {
  row(
    74,
    `a company's address that leads ${what}: exit ${exitCode}, and the sign-in service hears nothing`,
    async () => {
      const { home, login } = await behindProxy(VANITY, "eu-central-1", others);
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
  "a sign-in that is refused behind a company's address leaves the config as it is",
  async () => {
    const { home, login } = await behindProxy(
      VANITY,
      "us-east-1",
      redirectTo("https://ssoins-0123456789abcdef.eu-central-1.portal.amazonaws.com/"),
    );
    home.emulator.autoApprove(null);
    home.emulator.setFault({ route: "CreateToken", status: 400, error: "AccessDeniedException" });
    const before = home.read(".aws/config");
    expect(await login()).toMatchObject({ exitCode: 9 });
    expect([home.read(".aws/config"), home.list(".aws/sso/cache")]).toEqual([before, []]);
  },
);

row(75, "a dual-stack portal is signed in to at the dual-stack host by itself", async () => {
  const startUrl = "https://ssoins-1234567890abcdef.portal.eu-central-1.app.aws";
  const { asked, login } = await behindProxy(startUrl, "eu-central-1", () => undefined);
  expect(await login()).toMatchObject({ exitCode: 0 });
  expect(asked.every((one) => one.includes(" oidc.eu-central-1.api.aws/"))).toBe(true);
});

row(
  74,
  "the region need not be said where the start URL names it, and a config that says another is told so",
  async () => {
    const startUrl = "https://ssoins-0123456789abcdef.portal.eu-central-1.app.aws";
    const home = await createHome({
      autoApprove: { afterPolls: 0 },
      region: { region: "eu-central-1" },
    });
    const result = await home.run(["login", "--start-url", startUrl, "--no-browser"]);
    expect(result, result.stderr).toMatchObject({ exitCode: 0 });
    expect(JSON.parse(home.read(`.aws/sso/cache/${home.list(".aws/sso/cache")[0]}`))).toMatchObject(
      { startUrl, region: "eu-central-1" },
    );
    expect(
      await home.run([
        "configure",
        "session",
        "--sso-session",
        "corp",
        "--start-url",
        startUrl,
        "--yes",
      ]),
    ).toMatchObject({ exitCode: 0 });
    expect(home.read(".aws/config")).toContain("sso_region = eu-central-1\n");
    home.write(".aws/config", home.read(".aws/config").replace("eu-central-1\n", "us-east-1\n"));
    const other = await home.run(["login", "--sso-session", "corp", "--no-browser"]);
    expect(other.stderr).toContain("names the region eu-central-1, but sso_region is us-east-1");
    expect(other.stderr).toContain(
      "latchkey configure session --sso-session corp --sso-region eu-central-1 --force",
    );
  },
);
