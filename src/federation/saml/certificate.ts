import { X509Certificate } from "node:crypto";

/** What an administrator compares about a signing certificate. */
export interface Certificate {
  /** SHA-256, hex pairs with colons, as the console and openssl show it. */
  readonly fingerprint: string;
  readonly subject: string;
  readonly validFrom: Date;
  readonly validTo: Date;
  /** `RSA 2048`, `EC prime256v1`. */
  readonly key: string;
  /** Of an RSA key; undefined for others. */
  readonly rsaBits: number | undefined;
  /** Characters as PEM: AWS takes 2500 at most. */
  readonly pemLength: number;
}

/** @param base64 DER as metadata holds it: blanks and line breaks inside are usual. */
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
