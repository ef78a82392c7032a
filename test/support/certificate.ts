import { generateKeyPairSync, randomBytes, sign } from "node:crypto";
import { isIP } from "node:net";

/** Makes self-signed certificates in DER (RFC 5280) for identity providers and servers. Node can sign but not encode them. */

export interface CertificateOptions {
  readonly bits?: number;
  /** YYYYMMDDHHMMSSZ, as in openssl's options. */
  readonly from?: string;
  readonly to?: string;
  /** DNS names and IPv4 addresses of a server; none for a certificate that only signs. */
  readonly hosts?: readonly string[];
}

/** Returns the certificate in base64 on one line. */
export function signCertificate(options: CertificateOptions): string {
  return signWithKey(options).certificate;
}

/** Returns key and certificate in PEM. */
export function signServerCertificate(options: CertificateOptions): {
  key: string;
  certificate: string;
} {
  const { key, certificate } = signWithKey(options);
  const lines = certificate.match(/.{1,64}/g) ?? [];
  return {
    key,
    certificate: ["-----BEGIN CERTIFICATE-----", ...lines, "-----END CERTIFICATE-----\n"].join(
      "\n",
    ),
  };
}

function signWithKey({
  bits = 2048,
  from = "20200101000000Z",
  to = "20400101000000Z",
  hosts = [],
}: CertificateOptions): { key: string; certificate: string } {
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: bits });
  const name = sequence(relative(ORGANIZATION, "Okta"), relative(COMMON_NAME, "acme"));
  const body = sequence(
    encode(VERSION, encode(INTEGER, Buffer.of(2))),
    encode(INTEGER, Buffer.concat([Buffer.of(1), randomBytes(8)])),
    SHA256_WITH_RSA,
    name,
    sequence(instant(from), instant(to)),
    name,
    publicKey.export({ type: "spki", format: "der" }),
    ...(hosts.length > 0 ? [encode(EXTENSIONS, sequence(nameHosts(hosts)))] : []),
  );
  const signature = sign("sha256", body, privateKey);
  const bitString = encode(BIT_STRING, Buffer.concat([Buffer.of(0), signature]));
  return {
    key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    certificate: sequence(body, SHA256_WITH_RSA, bitString).toString("base64"),
  };
}

/** The extension subjectAltName (RFC 5280 §4.2.1.6). */
function nameHosts(hosts: readonly string[]): Buffer {
  const names = hosts.map((host) =>
    isIP(host) === 4
      ? encode(IP_ADDRESS, Buffer.from(host.split(".").map(Number)))
      : encode(DNS_NAME, Buffer.from(host)),
  );
  return sequence(
    encode(OID, Buffer.from("551d11", "hex")),
    encode(OCTET_STRING, sequence(...names)),
  );
}

const [INTEGER, BIT_STRING, OCTET_STRING, NULL, OID, UTF8_STRING] = [
  0x02, 0x03, 0x04, 0x05, 0x06, 0x0c,
];
const [VERSION, EXTENSIONS, DNS_NAME, IP_ADDRESS] = [0xa0, 0xa3, 0x82, 0x87];
const [UTC_TIME, GENERALIZED_TIME, SEQUENCE, SET] = [0x17, 0x18, 0x30, 0x31];
const ORGANIZATION = "55040a";
const COMMON_NAME = "550403";
const SHA256_WITH_RSA = sequence(
  encode(OID, Buffer.from("2a864886f70d01010b", "hex")),
  encode(NULL, Buffer.alloc(0)),
);

function relative(type: string, value: string): Buffer {
  const pair = sequence(
    encode(OID, Buffer.from(type, "hex")),
    encode(UTF8_STRING, Buffer.from(value)),
  );
  return encode(SET, pair);
}

/** Years from 2050 on have four digits (RFC 5280 §4.1.2.5). */
function instant(text: string): Buffer {
  return text < "2050"
    ? encode(UTC_TIME, Buffer.from(text.slice(2)))
    : encode(GENERALIZED_TIME, Buffer.from(text));
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return encode(SEQUENCE, Buffer.concat(parts));
}

function encode(tag: number, content: Buffer): Buffer {
  return Buffer.concat([Buffer.of(tag, ...encodeLength(content.length)), content]);
}

/** Below 64 KiB. */
function encodeLength(length: number): number[] {
  if (length < 0x80) return [length];
  return length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
}
