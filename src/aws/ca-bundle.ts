import { X509Certificate } from "node:crypto";
import { join } from "node:path";
import { LatchkeyError, isExpectedFailure, systemErrorCode } from "../errors.ts";
import { readIfPresent } from "../fs/read.ts";

const MAX_BUNDLE_BYTES = 16 * 1024 * 1024;

/** The PEM text of a bundle of CA certificates. One that can't be used is an error: nothing is sent without it. */
export function readCaBundle(home: string, path: string): string {
  const expanded = path.startsWith("~/") ? join(home, path.slice(2)) : path;
  const text = bundleText(expanded);
  if (text === undefined) throw caBundleError(expanded, "is not there");
  if (
    !text.includes("-----BEGIN CERTIFICATE-----") &&
    !text.includes("-----BEGIN TRUSTED CERTIFICATE-----")
  )
    throw caBundleError(expanded, "holds no PEM certificate");
  if (!findCertificates(text).every(isReadable))
    throw caBundleError(expanded, "holds a PEM certificate that can't be read");
  return text;
}

/** TLS leaves out what it can't read, and then the server's certificate would be blamed for the bundle's. */
function findCertificates(text: string): string[] {
  return text.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? [];
}

function isReadable(pem: string): boolean {
  try {
    return new X509Certificate(pem).raw.length > 0;
  } catch {
    return false;
  }
}

function bundleText(path: string): string | undefined {
  try {
    return readIfPresent(path, MAX_BUNDLE_BYTES)?.toString("latin1");
  } catch (thrown) {
    const code = isExpectedFailure(thrown) ? systemErrorCode(thrown.cause) : undefined;
    throw code === undefined ? thrown : caBundleError(path, `can't be read (${code})`);
  }
}

function caBundleError(path: string, what: string): LatchkeyError {
  return new LatchkeyError("CONFIG_INVALID", `The CA bundle ${path} ${what}.`, {
    hint: "Mend AWS_CA_BUNDLE, or the profile's ca_bundle.",
  });
}
