import { CLOCK_CURE, clockOffText, isClockWrong } from "../../aws/call/clock.ts";
import { formatProxy, parseProxy, readProxySettings, type ProxyHop } from "../../aws/call/proxy.ts";
import { isSafeEndpoint } from "../../aws/endpoints.ts";
import type { Observations, ObservedService } from "../observations.ts";
import { hit, hitRefusal, type RuleHit } from "../hit.ts";
import { eachProfile, fail, notice, warn, type Judge, type Rule } from "../rule.ts";
import { truncate } from "../../text/terminal.ts";
import { isSet } from "./environment.ts";

/** What stands between this machine and AWS: proxy, roots of trust, endpoints, clock. */

/** A `Date` header has no fractions, and an answer takes its time. */
const DRIFT_SECONDS = 30;

export const NETWORK_RULES: readonly Rule[] = [
  warn("tls-unverified", {
    looksFor: "`NODE_TLS_REJECT_UNAUTHORIZED=0`",
    readers: "JavaScript believes any server, latchkey and the AWS CLI do not",
    judge: ({ env }) =>
      env["NODE_TLS_REJECT_UNAUTHORIZED"] === "0" &&
      hit(
        "certificates are not verified",
        "NODE_TLS_REJECT_UNAUTHORIZED",
        "unset NODE_TLS_REJECT_UNAUTHORIZED; for a company's own CA, set AWS_CA_BUNDLE and NODE_EXTRA_CA_CERTS",
      ),
  }),
  fail("proxy-invalid", {
    looksFor: "an `HTTPS_PROXY` that names no proxy that can be used",
    readers: "latchkey refuses it, the AWS CLI and boto3 fail with it, Go may pass over it",
    judge: ({ env }) => {
      const { https } = readProxySettings(env);
      const hop = https && parseProxy(https).hop;
      return hop?.kind === "unusable" && hit(hop.message.slice(0, -1), https?.name ?? "", hop.hint);
    },
  }),
  warn("proxy-socks", {
    looksFor: "an `HTTPS_PROXY` that is a SOCKS5 proxy",
    readers: "latchkey and Go go through it, the AWS CLI and boto3 can't",
    judge: ({ env }) => {
      const proxy = findProxy(env);
      return (
        proxy?.scheme === "socks5" &&
        hit(
          "the AWS CLI and boto3 can't go through a SOCKS proxy",
          `${proxy.variable}: ${formatProxy(proxy)}`,
          `Where the network has an HTTP proxy, too: export ${proxy.variable}=http://HOST:PORT`,
        )
      );
    },
  }),
  warn("proxy-said-twice", {
    looksFor: "`https_proxy` and `HTTPS_PROXY`, or `no_proxy` and `NO_PROXY`, that differ",
    readers:
      "the AWS CLI, boto3 and latchkey take the one in small letters, Go the one in capitals",
    judge: ({ env }) =>
      ["https_proxy", "no_proxy"].map((small) => {
        const capital = small.toUpperCase();
        const [first, second] = [env[small], env[capital]];
        return (
          first !== undefined &&
          isSet(second) &&
          first !== second &&
          hit(
            `${small} and ${capital} differ, and Go takes the other one`,
            `${small}, ${capital}`,
            `Set both alike, or: unset ${small}`,
          )
        );
      }),
  }),
  notice("proxy-unread", {
    looksFor: "an `ALL_PROXY`, or a range or a `*.` in `NO_PROXY`",
    readers:
      "the AWS CLI, boto3 and latchkey read neither; Go reads both in NO_PROXY, and curl ALL_PROXY",
    judge: ({ env }) => [...findAllProxy(env), ...findUnreadExceptions(env)],
  }),
  notice("proxy-in-force", {
    looksFor: "an `HTTPS_PROXY`",
    readers:
      "the AWS CLI, boto3, Go and latchkey go through it, the SDK for JavaScript does not of its own accord",
    judge: ({ env }) => {
      const proxy = findProxy(env);
      return (
        proxy !== undefined &&
        proxy.scheme !== "socks5" &&
        hit(
          "a proxy is in force",
          `${proxy.variable}: ${formatProxy(proxy)}`,
          "Where it should not be used: NO_PROXY",
        )
      );
    },
  }),
  fail("ca-bundle-unusable", {
    looksFor: "an `AWS_CA_BUNDLE` or `ca_bundle` that can't be used",
    readers: "the AWS CLI, boto3 and latchkey make no request",
    judge: ({ bundles }) =>
      bundles.map(
        ({ evidence, refusal }) =>
          refusal !== undefined &&
          hitRefusal(
            refusal,
            evidence,
            "Name a file of PEM certificates, or take the setting away.",
          ),
      ),
  }),
  notice("ca-bundle-in-force", {
    looksFor: "an `AWS_CA_BUNDLE` or `ca_bundle`",
    readers:
      "the AWS CLI, boto3, Go and latchkey believe these certificates alone, JavaScript reads NODE_EXTRA_CA_CERTS instead",
    judge: ({ bundles }) =>
      bundles.map(
        ({ evidence, refusal }) =>
          refusal === undefined &&
          hit(
            "own roots of trust are in force",
            evidence,
            "For JavaScript, set NODE_EXTRA_CA_CERTS to the same file.",
          ),
      ),
  }),
  fail("endpoint-unsafe", {
    looksFor: "an `AWS_ENDPOINT_URL…` that is neither https nor this machine",
    readers: "latchkey refuses to send a token there, AWS clients send it in clear",
    judge: ({ env }) => {
      const unsafe = listEndpoints(env).filter(({ url }) => !isSafeEndpoint(url));
      const names = unsafe.map(({ variable }) => variable);
      return (
        names.length > 0 &&
        hit(
          `${names.join(", ")}: not an https URL, nor http to this machine`,
          names.join(", "),
          `unset ${names.join(" ")}`,
        )
      );
    },
  }),
  notice("endpoint-in-force", {
    looksFor: "an `AWS_ENDPOINT_URL…`",
    readers: "latchkey, the AWS CLI from 2.13 and the SDKs ask there instead of AWS",
    judge: ({ env }) => {
      const safe = listEndpoints(env).filter(({ url }) => isSafeEndpoint(url));
      const names = safe.map(({ variable }) => variable).join(" ");
      return (
        safe.length > 0 &&
        hit(
          `${safe.length === 1 ? "a service is" : `${safe.length} services are`} asked at another place than AWS's`,
          safe.map(({ variable, url }) => `${variable}: ${URL.parse(url)?.host ?? ""}`).join(", "),
          `Where that is not meant: unset ${names}`,
        )
      );
    },
  }),
  notice("endpoint-in-config", {
    looksFor: "an `endpoint_url` in a profile",
    readers: "the AWS CLI from 2.13 and the SDKs ask there instead of AWS, latchkey does not",
    judge: eachProfile(
      (profile) =>
        profile.hasAny("endpoint_url") &&
        profile.hit("endpoint_url", "has an endpoint_url", "For latchkey, set AWS_ENDPOINT_URL."),
    ),
  }),
  warn("service-unreachable", {
    looksFor: "an access portal that does not answer within 4 s",
    readers: "no client can sign in or fetch credentials there now; what is cached still serves",
    isApplicable: ({ services }) => services.length > 0,
    judge: ({ services }) =>
      services.map(
        ({ region, failure }) =>
          failure !== undefined && hitRefusal(failure.message, region, failure.hint),
      ),
  }),
  fail("clock-wrong", {
    looksFor: "a clock more than 5 minutes off the service's",
    readers: "AWS refuses the signatures of every client",
    isApplicable: ({ services }) => services.some(isClockKnown),
    judge: judgeClock(isClockWrong),
  }),
  warn("clock-drifting", {
    looksFor: "a clock 30 seconds to 5 minutes off the service's",
    readers: "every client misjudges when tokens and credentials end",
    isApplicable: ({ services }) => services.some(isClockKnown),
    judge: judgeClock((off) => off > DRIFT_SECONDS && !isClockWrong(off)),
  }),
];

type TimedService = ObservedService & { readonly aheadSeconds: number };

function isClockKnown(service: ObservedService): service is TimedService {
  return service.aheadSeconds !== undefined;
}

/** One finding for one clock, by the first service that answered. */
function judgeClock(isWrong: (secondsOff: number) => boolean): Judge {
  return ({ services }) => {
    const service = services.find(isClockKnown);
    if (service === undefined) return undefined;
    const { region, aheadSeconds } = service;
    if (!isWrong(Math.abs(aheadSeconds))) return undefined;
    return hit(
      `the clock of this machine is ${clockOffText(aheadSeconds)}`,
      `the access portal in ${region}`,
      CLOCK_CURE,
    );
  };
}

/** The proxy in force; undefined where it can't be used. */
function findProxy(env: Observations["env"]): ProxyHop | undefined {
  const { https } = readProxySettings(env);
  const hop = https && parseProxy(https).hop;
  return hop?.kind === "proxy" ? hop : undefined;
}

function findAllProxy(env: Observations["env"]): RuleHit[] {
  const variable = ["all_proxy", "ALL_PROXY"].find((name) => isSet(env[name]));
  if (variable === undefined) return [];
  const words = `${variable} is read neither by the AWS CLI nor by latchkey`;
  return [hit(words, variable, "Name the proxy in HTTPS_PROXY, too.")];
}

function findUnreadExceptions(env: Observations["env"]): RuleHit[] {
  const { no } = readProxySettings(env);
  if (no === undefined || no.value === "*") return [];
  const unread = no.value
    .split(",")
    .map((entry) => entry.trim())
    .filter((entry) => /^\*|^[\da-f.:]+\/\d+$/i.test(entry));
  if (unread.length === 0) return [];
  const words = `the AWS CLI and latchkey do not read ${unread.map((entry) => truncate(entry, 40)).join(", ")} in ${no.name}`;
  return [hit(words, no.name, "List names and what they end in: NO_PROXY=example.com,10.1.2.3")];
}

function listEndpoints(
  env: Observations["env"],
): Array<{ readonly variable: string; readonly url: string }> {
  if (env["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"]?.toLowerCase() === "true") return [];
  return Object.entries(env)
    .map(([variable, url]) => ({ variable, url: url ?? "" }))
    .filter(({ variable, url }) => /^AWS_ENDPOINT_URL(_|$)/.test(variable) && url !== "")
    .sort((a, b) => (a.variable < b.variable ? -1 : 1));
}
