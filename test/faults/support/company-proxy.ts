import { createHome, type Home, type RunResult } from "../../support/home.ts";
import {
  startConnectProxy,
  createSelfSigned,
  startTlsFront,
  type OtherHosts,
} from "./raw-servers.ts";

const HOSTS = [
  "aws.example.com",
  "elsewhere.example",
  "oidc.eu-central-1.amazonaws.com",
  "oidc.eu-central-1.api.aws",
  "portal.sso.eu-central-1.amazonaws.com",
  "oidc.us-east-1.amazonaws.com",
];

/** Creates a home whose HTTPS goes through a CONNECT proxy: AWS's host names to the emulator, others to the test. */
export async function startCompanyProxy(
  startUrl: string,
  region: string,
  others: OtherHosts,
): Promise<{ home: Home; asked: string[]; login: (...argv: string[]) => Promise<RunResult> }> {
  const home = await createHome({
    autoApprove: { afterPolls: 0 },
    region: { region: "eu-central-1" },
  });
  const certificate = createSelfSigned(home, "ca", HOSTS);
  const seen: string[] = [];
  const front = await startTlsFront(home, certificate, (host, request) => {
    seen.push(`${request.method} ${host}${request.url}`);
    return others(host, request);
  });
  const proxy = await startConnectProxy(Number(URL.parse(front.url)?.port));
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

export const VANITY = "https://aws.example.com/portal?x=1";
/** Returns servers in which the company's own address answers with a redirect. */
export const createRedirect =
  (location: string, status = 302): OtherHosts =>
  (host) =>
    host === "aws.example.com" ? { status, headers: { location } } : undefined;
