import { X509Certificate } from "node:crypto";

/** The properties of a signing certificate that an administrator compares. */
export interface Certificate {
  /** SHA-256 as hex pairs with colons, as the console and openssl show it. */
  readonly fingerprint: string;
  readonly subject: string;
  readonly validFrom: Date;
  readonly validTo: Date;
  /** `RSA 2048`, `EC prime256v1`. */
  readonly key: string;
  /** undefined for keys other than RSA. */
  readonly rsaBits: number | undefined;
  /** The number of characters in PEM form; AWS accepts at most 2500. */
  readonly pemLength: number;
}

/**
 * Returns the properties of a certificate; undefined if it can't be read.
 * @param base64 DER from metadata, which often contains blanks and line breaks.
 */
export function parseCertificate(base64: string): Certificate | undefined {
  try {
    const certificate = new X509Certificate(Buffer.from(base64.replace(/\s+/g, ""), "base64"));
    const { asymmetricKeyType: type = "unknown", asymmetricKeyDetails } = certificate.publicKey;
    const { modulusLength, namedCurve } = asymmetricKeyDetails ?? {};
    const rsaBits = type.startsWith("rsa") ? modulusLength : undefined;
    const otherKey = [type.toUpperCase(), ...(namedCurve === undefined ? [] : [namedCurve])];
    return {
      fingerprint: certificate.fingerprint256,
      subject: certificate.subject.replaceAll("\n", ", "),
      validFrom: new Date(Date.parse(certificate.validFrom)),
      validTo: new Date(Date.parse(certificate.validTo)),
      key: rsaBits === undefined ? otherKey.join(" ") : `RSA ${rsaBits}`,
      rsaBits,
      pemLength: certificate.toString().length,
    };
  } catch {
    return undefined;
  }
}
