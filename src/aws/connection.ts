import { X509Certificate } from "node:crypto";
import { join } from "node:path";
import type { Context } from "../context.ts";
import { LatchkeyError, configError, isExpectedFailure } from "../errors.ts";
import { describeLinuxPath, isWindowsPath } from "../fs/paths.ts";
import { readIfPresent, storageErrorCode } from "../fs/read.ts";
import { isClientRegion, isDualStackPortal } from "../model/start-url.ts";
import { VALUES } from "../model/values.ts";
import { readProxySettings } from "./call/proxy.ts";
import { endpointOverride, endpointVariant, type Service } from "./endpoints.ts";
import type { Connection } from "./send.ts";

/** The location of a service, and the CA certificates to trust there. */
export interface ServiceAddress {
  readonly region: string;
  /** The session's start URL. Some portals accept sign-ins only under dual-stack names. */
  readonly startUrl?: string | undefined;
  /** Path from a profile's `ca_bundle`. AWS_CA_BUNDLE takes precedence, as in the AWS CLI. */
  readonly caBundle?: string | undefined;
}

/**
 * Creates the connection to a service: the region from the config; endpoint, proxy and CA certificates from the
 * environment.
 * @param deadline in milliseconds of `context.monotonic()`, if a program waits instead of a person
 * @throws LatchkeyError CONFIG_INVALID for an unsafe endpoint or an invalid region
 */
export function createConnection(
  context: Context,
  service: Service,
  place: ServiceAddress,
  deadline?: number,
): Connection {
  const { env, monotonic, now, interruption, silence, sleep, terminal } = context;
  // The region was already checked where it was read. This check ensures that no other text gets into a host name.
  if (!isClientRegion(place.region))
    throw configError(
      `${JSON.stringify(place.region)} ${VALUES.region.fault}.`,
      VALUES.region.cure,
    );
  const bundle = [env["AWS_CA_BUNDLE"], place.caBundle].find(
    (path) => path !== undefined && path !== "",
  );
  const endpoint = endpointOverride(service, env);
  const isDualStack =
    service === "SSO_OIDC" && place.startUrl !== undefined && isDualStackPortal(place.startUrl);
  return {
    region: place.region,
    endpoint,
    // An endpoint from the environment is used unchanged: the SDK refuses it together with FIPS or dual-stack.
    variant:
      endpoint === undefined
        ? endpointVariant(env, isDualStack)
        : { useFips: false, useDualstack: false },
    proxies: readProxySettings(env),
    readRoots: () => (bundle === undefined ? undefined : readCaBundle(context.home, bundle)),
    deadline,
    monotonic,
    now,
    silence,
    showWaiting: (what) => terminal.showWaiting(what),
    interruption,
    sleep,
  };
}

const MAX_BUNDLE_BYTES = 16 * 1024 * 1024;

/**
 * Returns the PEM text of a bundle of CA certificates. @throws LatchkeyError CONFIG_INVALID if it can't be used; then
 * nothing is sent.
 */
export function readCaBundle(home: string, path: string): string {
  if (isWindowsPath(path))
    throw caBundleError(path, "is a Windows path", describeLinuxPath(path, nameBundle));
  const expanded = path.startsWith("~/") ? join(home, path.slice(2)) : path;
  const text = bundleText(expanded);
  if (text === undefined) throw caBundleError(expanded, "does not exist");
  const certificates = splitCertificates(text);
  if (certificates.length === 0) throw caBundleError(expanded, "contains no PEM certificate");
  const readable = certificates.flatMap(readCertificate);
  if (readable.length < certificates.length)
    throw caBundleError(expanded, "contains a PEM certificate that can't be read");
  return readable.join("");
}

/**
 * Returns the text from each BEGIN line on. Each certificate is checked, because TLS skips a certificate that it can't
 * read (a truncated one, or one after a byte order mark), and the error would then be about the server's certificate.
 */
function splitCertificates(text: string): string[] {
  return text.split(/-----BEGIN (?:TRUSTED )?CERTIFICATE-----/).slice(1);
}

/** Returns the certificate as PEM, or nothing. OpenSSL's settings behind a TRUSTED one are left out: Bun refuses them. */
function readCertificate(text: string): string[] {
  const [, base64] = /^([^-]*)-----END (?:TRUSTED )?CERTIFICATE-----/.exec(text) ?? [];
  try {
    const bytes = Buffer.from(base64 ?? "", "base64");
    return [new X509Certificate(bytes.subarray(0, measureSequence(bytes))).toString()];
  } catch {
    return [];
  }
}

/** Returns the length of the DER sequence at the beginning: its header and its content (X.690 §8.1.3). */
function measureSequence(bytes: Buffer): number {
  const first = bytes[1] ?? 0;
  const lengthBytes = first < 0x80 ? 0 : first & 0x7f;
  const content = lengthBytes === 0 ? first : bytes.readUIntBE(2, lengthBytes);
  return 2 + lengthBytes + content;
}

function bundleText(path: string): string | undefined {
  try {
    return readIfPresent(path, MAX_BUNDLE_BYTES)?.toString("latin1");
  } catch (thrown) {
    const code = storageErrorCode(thrown);
    if (code !== undefined) throw caBundleError(path, `can't be read (${code})`);
    throw isExpectedFailure(thrown) ? configError(thrown.message, BUNDLE_CURE) : thrown;
  }
}

const BUNDLE_CURE = "Fix AWS_CA_BUNDLE or the profile's ca_bundle.";

function caBundleError(path: string, what: string, hint = BUNDLE_CURE): LatchkeyError {
  return new LatchkeyError("CONFIG_INVALID", `The CA bundle ${path} ${what}.`, { hint });
}

function nameBundle(word: string): string {
  return `Name it ${word} in AWS_CA_BUNDLE, or in the profile's ca_bundle.`;
}
