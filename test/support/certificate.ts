import { generateKeyPairSync, randomBytes, sign } from "node:crypto";

/** A self-signed certificate in DER (RFC 5280), as identity providers put it into their metadata: Node signs, and writes none. */

export interface CertificateOptions {
  readonly bits?: number;
  /** YYYYMMDDHHMMSSZ, as openssl takes it. */
  readonly from?: string;
  readonly to?: string;
}

/** @returns base64 on one line. */
export function signCertificate({
  bits = 2048,
  from = "20200101000000Z",
  to = "20400101000000Z",
}: CertificateOptions): string {
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: bits });
  const name = sequence(relative(ORGANIZATION, "Okta"), relative(COMMON_NAME, "acme"));
  const body = sequence(
    encode(INTEGER, Buffer.concat([Buffer.of(1), randomBytes(8)])),
    SHA256_WITH_RSA,
    name,
    sequence(instant(from), instant(to)),
    name,
    publicKey.export({ type: "spki", format: "der" }),
  );
  const signature = sign("sha256", body, privateKey);
  const bitString = encode(BIT_STRING, Buffer.concat([Buffer.of(0), signature]));
  return sequence(body, SHA256_WITH_RSA, bitString).toString("base64");
}

const [INTEGER, BIT_STRING, NULL, OID, UTF8_STRING] = [0x02, 0x03, 0x05, 0x06, 0x0c];
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
