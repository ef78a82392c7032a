import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import type { ReceivedRequest } from "../http.ts";
import { refusal } from "../service-errors.ts";

/** A Signature Version 4 from the Authorization header or the query of a presigned URL. */
export interface PresentedSignature {
  accessKeyId: string;
  date: string;
  region: string;
  service: string;
  signedHeaders: string[];
  signature: string;
  /** YYYYMMDDTHHMMSSZ */
  timestamp: string;
  sessionToken: string;
  /** Presigned only. */
  expiresSeconds: number | undefined;
}

/**
 * Returns the signature of a request.
 * @throws a refusal if there is no signature or its form is wrong. `ending` is the ending of the service's error types.
 */
export function parseSignature(
  request: ReceivedRequest,
  ending: "" | "Exception",
): PresentedSignature {
  const read = findParts(request);
  if (read === undefined) throw refusal(`MissingAuthenticationToken${ending}`);
  const refuseForm = (problem: string) => refusal(`IncompleteSignature${ending}`, problem);
  if (read("Algorithm") !== "AWS4-HMAC-SHA256") throw refuseForm("Unsupported algorithm");
  const scope = readScope(read("Credential"));
  if (scope === undefined) throw refuseForm("Credential is malformed");
  const signedHeaders = read("SignedHeaders").split(";");
  if (!signedHeaders.includes("host")) throw refuseForm("SignedHeaders must contain host");
  const signature = read("Signature");
  if (!/^[0-9a-f]{64}$/.test(signature)) throw refuseForm("Signature is malformed");
  const timestamp = read("Date");
  if (!/^\d{8}T\d{6}Z$/.test(timestamp) || !timestamp.startsWith(scope.date))
    throw refuseForm("X-Amz-Date is malformed");
  const isPresigned = request.headers["authorization"] === undefined;
  const expiresSeconds = isPresigned ? Number(read("Expires")) : undefined;
  const isLifetime =
    expiresSeconds === undefined || (expiresSeconds > 0 && expiresSeconds <= 604_800);
  if (!isLifetime) throw refuseForm("X-Amz-Expires is malformed");
  const sessionToken = read("Security-Token");
  return { ...scope, signedHeaders, signature, timestamp, sessionToken, expiresSeconds };
}

/** Reads a part by its name in a presigned URL, without `X-Amz-`. */
type ReadPart = (name: string) => string;

function findParts({ headers, query }: ReceivedRequest): ReadPart | undefined {
  const authorization = headers["authorization"];
  if (authorization === undefined) {
    const read: ReadPart = (name) => query.get(`X-Amz-${name}`) ?? "";
    return query.has("X-Amz-Signature") ? read : undefined;
  }
  const [algorithm = "", ...rest] = authorization.split(" ");
  const parts = new Map([["Algorithm", algorithm]]);
  for (const part of rest.join("").split(",")) {
    const mark = part.indexOf("=");
    parts.set(part.slice(0, mark), part.slice(mark + 1));
  }
  return (name) => parts.get(name) ?? headers[`x-amz-${name.toLowerCase()}`] ?? "";
}

function readScope(
  credential: string,
): Pick<PresentedSignature, "accessKeyId" | "date" | "region" | "service"> | undefined {
  const [accessKeyId, date, region, service, terminator] = credential.split("/");
  if (!accessKeyId || !date || !region || !service) return undefined;
  return terminator === "aws4_request" ? { accessKeyId, date, region, service } : undefined;
}

/** Epoch milliseconds of YYYYMMDDTHHMMSSZ. */
export function parseTimestamp(timestamp: string): number {
  return Date.parse(
    timestamp.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z"),
  );
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function encodeUri(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function formatCanonicalQuery(query: URLSearchParams): string {
  return [...query]
    .filter(([name]) => name !== "X-Amz-Signature")
    .map(([name, value]) => [encodeUri(name), encodeUri(value)] as const)
    .toSorted(([nameA, valueA], [nameB, valueB]) => {
      if (nameA !== nameB) return nameA < nameB ? -1 : 1;
      return valueA < valueB ? -1 : 1;
    })
    .map(([name, value]) => `${name}=${value}`)
    .join("&");
}

/** Uses all headers in SignedHeaders; `host` includes the port, and several spaces become one. */
function formatCanonicalRequest(request: ReceivedRequest, presented: PresentedSignature): string {
  const headers = presented.signedHeaders.map(
    (name) => `${name}:${(request.headers[name] ?? "").trim().replace(/ +/g, " ")}\n`,
  );
  return [
    request.method,
    request.path,
    formatCanonicalQuery(request.query),
    headers.join(""),
    presented.signedHeaders.join(";"),
    sha256(request.body),
  ].join("\n");
}

/** Returns whether the signature is right for this request and secret. */
export function isSignatureValid(
  request: ReceivedRequest,
  presented: PresentedSignature,
  secretAccessKey: string,
): boolean {
  const { date, region, service, timestamp } = presented;
  const scope = `${date}/${region}/${service}/aws4_request`;
  const toSign = [
    "AWS4-HMAC-SHA256",
    timestamp,
    scope,
    sha256(formatCanonicalRequest(request, presented)),
  ].join("\n");
  const hmac = (key: string | Buffer, text: string): Buffer =>
    createHmac("sha256", key).update(text).digest();
  const signingKey = [region, service, "aws4_request"].reduce(
    hmac,
    hmac(`AWS4${secretAccessKey}`, date),
  );
  return timingSafeEqual(hmac(signingKey, toSign), Buffer.from(presented.signature, "hex"));
}
