import { createHash } from "node:crypto";
import { expect } from "vitest";
import { createHome } from "../support/home.ts";
import { row } from "./support/row.ts";

/** Every form of a start URL that AWS has given out is used unchanged, since its text determines the token's file name. */

const FORMS = [
  ["the classic one", "https://d-1234567890.awsapps.com/start", "us-east-1"],
  ["with a trailing slash", "https://d-1234567890.awsapps.com/start/", "us-east-1"],
  ["with the page's fragment", "https://d-1234567890.awsapps.com/start/#/", "us-east-1"],
  ["with a fragment and no slash", "https://d-1234567890.awsapps.com/start#", "us-east-1"],
  ["a company's own name", "https://my-company.awsapps.com/start", "eu-west-1"],
  ["in capitals", "https://My-Company.AWSApps.com/Start", "eu-west-1"],
  ["with a port", "https://my-company.awsapps.com:443/start", "eu-west-1"],
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
  "a start URL that is not https, or hides its host, is refused before any request",
  async () => {
    const home = await createHome();
    for (const startUrl of [
      "http://d-1.awsapps.com/start",
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

row(
  74,
  "the region can be omitted if the start URL names it, and a different one in the config is reported",
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
