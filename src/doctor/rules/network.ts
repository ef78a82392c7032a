import { isSafeEndpoint } from "../../aws/endpoints.ts";
import { findValue } from "../../profiles/profile.ts";
import { duration } from "../../text/terminal.ts";
import type { Observations, Rule } from "../rule.ts";
import { formatHeader, isSet, locateKey, listProfiles } from "../places.ts";

/** What stands between this machine and AWS: proxy, roots of trust, endpoints, clock. */

/** AWS refuses signatures that are off by more. */
const SIGNATURE_SECONDS = 5 * 60;
/** A `Date` header has no fractions, and an answer takes its time. */
const DRIFT_SECONDS = 30;

export const NETWORK_RULES: readonly Rule[] = [
  {
    id: "tls-unverified",
    level: "warn",
    subject: "network",
    looksFor: "`NODE_TLS_REJECT_UNAUTHORIZED=0`",
    readers: "JavaScript believes any server, latchkey and the AWS CLI do not",
    judge: ({ env }) =>
      env["NODE_TLS_REJECT_UNAUTHORIZED"] === "0"
        ? [
            {
              what: "certificates are not verified",
              evidence: "NODE_TLS_REJECT_UNAUTHORIZED",
              hint: "unset NODE_TLS_REJECT_UNAUTHORIZED; for a company's own CA, set AWS_CA_BUNDLE and NODE_EXTRA_CA_CERTS",
            },
          ]
        : [],
  },
  {
    id: "proxy-invalid",
    level: "fail",
    subject: "network",
    looksFor: "an `HTTPS_PROXY` that is not a URL",
    readers: "latchkey and JavaScript tools can't use it, the AWS CLI guesses http://",
    judge: ({ env }) =>
      listProxies(env)
        .filter(({ url }) => url === null)
        .map(({ variable }) => ({
          what: `${variable} is not a URL`,
          evidence: variable,
          hint: `Write it as http://HOST:PORT.`,
        })),
  },
  {
    id: "proxy-in-force",
    level: "notice",
    subject: "network",
    looksFor: "an `HTTPS_PROXY`",
    readers:
      "the AWS CLI, boto3, Go and latchkey go through it, the SDK for JavaScript does not of its own accord",
    // Without who signs in at it.
    judge: ({ env }) =>
      listProxies(env).flatMap(({ variable, url }) =>
        url === null
          ? []
          : [
              {
                what: "a proxy is in force",
                evidence: `${variable}: ${url.host}`,
                hint: "Where it should not be used: NO_PROXY",
              },
            ],
      ),
  },
  {
    id: "ca-bundle-unusable",
    level: "fail",
    subject: "network",
    looksFor: "an `AWS_CA_BUNDLE` or `ca_bundle` that can't be used",
    readers: "the AWS CLI, boto3 and latchkey make no request",
    judge: ({ bundles }) =>
      bundles.flatMap(({ path, namedBy, refusal }) =>
        refusal === undefined
          ? []
          : [
              {
                what: refusal.replace(/\.$/, ""),
                evidence: `${namedBy}: ${path}`,
                hint: "Name a file of PEM certificates, or take the setting away.",
              },
            ],
      ),
  },
  {
    id: "ca-bundle-in-force",
    level: "notice",
    subject: "network",
    looksFor: "an `AWS_CA_BUNDLE` or `ca_bundle`",
    readers:
      "the AWS CLI, boto3, Go and latchkey believe these certificates alone, JavaScript reads NODE_EXTRA_CA_CERTS instead",
    judge: ({ bundles }) =>
      bundles.flatMap(({ path, namedBy, refusal }) =>
        refusal === undefined
          ? [
              {
                what: "own roots of trust are in force",
                evidence: `${namedBy}: ${path}`,
                hint: "For JavaScript, set NODE_EXTRA_CA_CERTS to the same file.",
              },
            ]
          : [],
      ),
  },
  {
    id: "endpoint-unsafe",
    level: "fail",
    subject: "network",
    looksFor: "an `AWS_ENDPOINT_URL…` that is neither https nor this machine",
    readers: "latchkey refuses to send a token there, AWS clients send it in clear",
    judge: ({ env }) =>
      listEndpoints(env)
        .filter(({ url }) => !isSafeEndpoint(url))
        .map(({ variable }) => ({
          what: `${variable} is not an https URL, nor http to this machine`,
          evidence: variable,
          hint: `unset ${variable}`,
        })),
  },
  {
    id: "endpoint-in-force",
    level: "notice",
    subject: "network",
    looksFor: "an `AWS_ENDPOINT_URL…`",
    readers: "latchkey, the AWS CLI from 2.13 and the SDKs ask there instead of AWS",
    judge: ({ env }) =>
      listEndpoints(env)
        .filter(({ url }) => isSafeEndpoint(url))
        .map(({ variable, url }) => ({
          what: "a service is asked at another place than AWS's",
          evidence: `${variable}: ${URL.parse(url)?.host ?? ""}`,
          hint: `Where that is not meant: unset ${variable}`,
        })),
  },
  {
    id: "endpoint-in-config",
    level: "notice",
    subject: "network",
    looksFor: "an `endpoint_url` in a profile",
    readers: "the AWS CLI from 2.13 and the SDKs ask there instead of AWS, latchkey does not",
    judge: (seen) =>
      listProfiles(seen).flatMap((section) =>
        findValue(section, "endpoint_url") === undefined
          ? []
          : [
              {
                what: `${formatHeader(section)} has an endpoint_url`,
                evidence: locateKey(seen.config, section, "endpoint_url"),
                hint: "For latchkey, set AWS_ENDPOINT_URL.",
              },
            ],
      ),
  },
  {
    id: "service-unreachable",
    level: "warn",
    subject: "network",
    looksFor: "an access portal that does not answer within 4 s",
    readers: "no client can sign in or fetch credentials there now; what is cached still serves",
    isApplicable: ({ services }) => services.length > 0,
    judge: ({ services }) =>
      services.flatMap(({ region, failure }) =>
        failure === undefined
          ? []
          : [{ what: failure.message.replace(/\.$/, ""), evidence: region, hint: failure.hint }],
      ),
  },
  {
    id: "clock-wrong",
    level: "fail",
    subject: "network",
    looksFor: "a clock more than 5 minutes off the service's",
    readers: "AWS refuses the signatures of every client",
    isApplicable: isClockKnown,
    judge: (seen) => findWrongClocks(seen, (off) => off > SIGNATURE_SECONDS),
  },
  {
    id: "clock-drifting",
    level: "warn",
    subject: "network",
    looksFor: "a clock 30 seconds to 5 minutes off the service's",
    readers: "every client misjudges when tokens and credentials end",
    isApplicable: isClockKnown,
    judge: (seen) =>
      findWrongClocks(seen, (off) => off > DRIFT_SECONDS && off <= SIGNATURE_SECONDS),
  },
];

function isClockKnown({ services }: Observations): boolean {
  return services.some(({ aheadSeconds }) => aheadSeconds !== undefined);
}

/** One finding for one clock, by the first service that answered. */
function findWrongClocks({ services }: Observations, isOff: (seconds: number) => boolean) {
  const service = services.find(({ aheadSeconds }) => aheadSeconds !== undefined);
  const ahead = service?.aheadSeconds;
  if (service === undefined || ahead === undefined || !isOff(Math.abs(ahead))) return [];
  return [
    {
      what: `the clock of this machine is ${duration(Math.abs(ahead))} ${ahead > 0 ? "behind" : "ahead"}`,
      evidence: `the access portal in ${service.region}`,
      hint: "Let the system set its clock from the network (NTP).",
    },
  ];
}

function listProxies(env: Observations["env"]) {
  const variable = ["https_proxy", "HTTPS_PROXY"].find((name) => isSet(env[name]));
  if (variable === undefined) return [];
  const url = URL.parse(env[variable] ?? "");
  return [
    {
      variable,
      url: url === null || !/^https?:$/.test(url.protocol) || url.hostname === "" ? null : url,
    },
  ];
}

function listEndpoints(env: Observations["env"]): Array<{ variable: string; url: string }> {
  if (env["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"]?.toLowerCase() === "true") return [];
  return Object.keys(env)
    .filter((name) => /^AWS_ENDPOINT_URL(_|$)/.test(name))
    .sort()
    .flatMap((variable) => (isSet(env[variable]) ? [{ variable, url: env[variable] }] : []));
}
