import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import type { ReceivedRequest } from "../http.ts";

/** Signature Version 4 as presented: in the Authorization header, or in the query of a presigned URL. */
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

/** undefined: unsigned; a string: what is wrong with the signature's form. */
export function parseSignature(request: ReceivedRequest): PresentedSignature | string | undefined {
  const authorization = request.headers["authorization"];
  if (authorization !== undefined) return parseHeader(request, authorization);
  return request.query.has("X-Amz-Signature") ? parseQuery(request) : undefined;
}

function parseHeader(request: ReceivedRequest, authorization: string): PresentedSignature | string {
  const [algorithm, ...rest] = authorization.split(" ");
  if (algorithm !== "AWS4-HMAC-SHA256") return "Unsupported algorithm";
  const parts = new Map(
    rest
      .join("")
      .split(",")
      .map(
        (part) => [part.slice(0, part.indexOf("=")), part.slice(part.indexOf("=") + 1)] as const,
      ),
  );
  return assemble({
    credential: parts.get("Credential") ?? "",
    signedHeaders: parts.get("SignedHeaders") ?? "",
    signature: parts.get("Signature") ?? "",
    timestamp: request.headers["x-amz-date"] ?? "",
    sessionToken: request.headers["x-amz-security-token"] ?? "",
    expires: null,
  });
}

function parseQuery(request: ReceivedRequest): PresentedSignature | string {
  const query = (name: string): string => request.query.get(name) ?? "";
  if (query("X-Amz-Algorithm") !== "AWS4-HMAC-SHA256") return "Unsupported algorithm";
  return assemble({
    credential: query("X-Amz-Credential"),
    signedHeaders: query("X-Amz-SignedHeaders"),
    signature: query("X-Amz-Signature"),
    timestamp: query("X-Amz-Date"),
    sessionToken: query("X-Amz-Security-Token"),
    expires: query("X-Amz-Expires"),
  });
}

interface Parts {
  credential: string;
  signedHeaders: string;
  signature: string;
  timestamp: string;
  sessionToken: string;
  expires: string | null;
}

function assemble(parts: Parts): PresentedSignature | string {
  const { signature, timestamp, sessionToken } = parts;
  const scope = readScope(parts.credential);
  if (scope === undefined) return "Credential is malformed";
  const signedHeaders = parts.signedHeaders.split(";");
  if (!signedHeaders.includes("host")) return "SignedHeaders must contain host";
  if (!/^[0-9a-f]{64}$/.test(signature)) return "Signature is malformed";
  if (!/^\d{8}T\d{6}Z$/.test(timestamp) || !timestamp.startsWith(scope.date))
    return "X-Amz-Date is malformed";
  const expiresSeconds = parts.expires === null ? undefined : Number(parts.expires);
  const isLifetime =
    expiresSeconds === undefined || (expiresSeconds > 0 && expiresSeconds <= 604_800);
  if (!isLifetime) return "X-Amz-Expires is malformed";
  return { ...scope, signedHeaders, signature, timestamp, sessionToken, expiresSeconds };
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

/** Whatever SignedHeaders lists, `host` with its port, runs of spaces as one. */
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

/** Whether the signature is the one that this secret gives for this request. */
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
