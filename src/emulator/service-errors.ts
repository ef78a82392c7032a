import { randomUUID } from "node:crypto";
import { findService, type Route, type ServiceName } from "./routes.ts";
import { element, html, json, xml, type Reply } from "./http.ts";
import { SCIM_TYPE } from "./scim/resources.ts";
import type { Settings } from "./state/settings.ts";

/** A service's refusal: the error type, and a text or status that differs from the type's default. */
export interface Refusal {
  type: string;
  text?: string | undefined;
  status?: number | undefined;
}

type RefusalError = Error & { readonly refusal: Refusal };

/** Returns the error that a handler throws to refuse a request. */
export function refusal(type: string, text?: string, status?: number): RefusalError {
  return Object.assign(new Error(text ?? type), { refusal: { type, text, status } });
}

export function isRefusal(error: unknown): error is RefusalError {
  return error instanceof Error && "refusal" in error;
}

type ErrorTable = Readonly<Record<string, readonly [status: number, message: string]>>;

const OIDC_ERRORS: ErrorTable = {
  AuthorizationPendingException: [400, "Authorization is still pending"],
  SlowDownException: [400, "Slow down"],
  ExpiredTokenException: [400, "Device code has expired"],
  AccessDeniedException: [400, "Access denied"],
  InvalidGrantException: [400, "Invalid grant provided"],
  InvalidClientException: [401, "Invalid client provided"],
  InvalidRequestException: [400, "Invalid request"],
  UnauthorizedClientException: [400, "Client is not authorized for this grant"],
  UnsupportedGrantTypeException: [400, "Unsupported grant type"],
  InvalidScopeException: [400, "Invalid scope provided"],
  InvalidClientMetadataException: [400, "Invalid client metadata"],
  InvalidRedirectUriException: [400, "Invalid redirect URI provided"],
  InternalServerException: [500, "Internal server error"],
};

const PORTAL_ERRORS: ErrorTable = {
  UnauthorizedException: [401, "Session token not found or invalid"],
  ForbiddenException: [403, "No access"],
  TooManyRequestsException: [429, "HTTP 429 Unknown Code"],
  InvalidRequestException: [400, "Invalid request"],
  ResourceNotFoundException: [404, "Resource not found"],
  MethodNotAllowedException: [405, "Method not allowed"],
  InternalServerException: [500, "Internal error"],
};

const STS_ERRORS: ErrorTable = {
  InvalidClientTokenId: [403, "The security token included in the request is invalid."],
  ExpiredToken: [403, "The security token included in the request is expired"],
  SignatureDoesNotMatch: [
    403,
    "The request signature we calculated does not match the signature you provided. " +
      "Check your AWS Secret Access Key and signing method. Consult the service documentation for details.",
  ],
  MissingAuthenticationToken: [403, "Request is missing Authentication Token"],
  IncompleteSignature: [400, "The request signature does not conform to AWS standards."],
  InvalidAction: [400, "Could not find operation for the request"],
  AccessDenied: [403, "Access denied"],
  ValidationError: [400, "The request is not valid"],
  Throttling: [400, "Rate exceeded"],
  InternalFailure: [500, "Internal failure"],
};

const ADMIN_ERRORS: ErrorTable = {
  MissingAuthenticationTokenException: [400, "Missing Authentication Token"],
  ThrottlingException: [400, "Rate exceeded"],
  InternalServerException: [500, "InternalServerException"],
};

type WriteError = (status: number, type: string, text: string, settings: Settings) => Reply;

/** The known errors of each service, and the function that writes one. Services without error types have only a text. */
const SERVICES: Readonly<Record<ServiceName, { known: ErrorTable; write: WriteError }>> = {
  oidc: { known: OIDC_ERRORS, write: writeOidcError },
  portal: { known: PORTAL_ERRORS, write: writePortalError },
  sts: { known: STS_ERRORS, write: writeStsError },
  "sign-in": {
    known: {},
    write: (status, _, text) => html(status, "Sign-in failed", element("p", text)),
  },
  scim: { known: {}, write: writeScimError },
  admin: {
    known: ADMIN_ERRORS,
    write: (status, type, text) => json(status, { __type: type, message: text, Message: text }),
  },
};

function formatOauthCode(type: string): string {
  if (type === "InternalServerException") return "server_error";
  return type
    .replace(/Exception$/, "")
    .replace(/(?<=.)[A-Z]/g, (letter) => `_${letter}`)
    .toLowerCase();
}

/** By default, only the header has the type; the body follows RFC 6749 §5.2. */
function writeOidcError(status: number, type: string, text: string, settings: Settings): Reply {
  const body: Record<string, unknown> = { error: formatOauthCode(type), error_description: text };
  const hasReason = type === "InvalidRequestException" || type === "AccessDeniedException";
  if (hasReason && settings.nulls) body["reason"] = null;
  if (settings.errorShape === "body") return json(status, { ...body, __type: type });
  return json(status, body, {
    "x-amzn-ErrorType": `${type}:http://internal.amazon.com/coral/com.amazonaws.sso.oidc/`,
  });
}

function writePortalError(status: number, type: string, text: string, settings: Settings): Reply {
  const namespace = "com.amazonaws.switchboard.portal";
  const body: Record<string, string> = { message: text };
  if (settings.errorShape !== "header") body["__type"] = `${namespace}#${type}`;
  if (settings.errorShape === "body") return json(status, body);
  return json(status, body, {
    "x-amzn-ErrorType": `${type}:http://internal.amazon.com/coral/${namespace}/`,
  });
}

function writeStsError(status: number, type: string, text: string): Reply {
  return xml(
    status,
    `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error>` +
      element("Type", status < 500 ? "Sender" : "Receiver") +
      element("Code", type) +
      element("Message", text) +
      `</Error>${element("RequestId", randomUUID())}</ErrorResponse>`,
  );
}

/** The service's form, which differs from RFC 7644: `schema` and `schemas`, the status as text, no scimType. */
function writeScimError(status: number, _: string, detail: string): Reply {
  const schemas = ["urn:ietf:params:scim:api:messages:2.0:Error"];
  const exceptionRequestId = randomUUID();
  const timeStamp = new Date().toISOString().replace("T", " ").replace("Z", "");
  return json(
    status,
    {
      schema: schemas,
      schemas,
      detail,
      status: String(status),
      exceptionRequestId,
      timeStamp,
    },
    { ...SCIM_TYPE, "x-amzn-RequestId": exceptionRequestId },
  );
}

/** Returns an error in the form of the route's service. */
export function errorFor(settings: Settings, route: Route, refused: Refusal): Reply {
  const service = findService(route);
  const { known, write } = SERVICES[service];
  const { type } = refused;
  const other = service === "portal" ? ([500, "Internal error"] as const) : ([400, type] as const);
  const [status, text] = known[type] ?? other;
  return write(refused.status ?? status, type, refused.text ?? text, settings);
}

/** Like `errorFor`, by status: uses the service's error with that status, else a general one. */
export function errorWithStatus(settings: Settings, route: Route, status: number): Reply {
  const service = findService(route);
  const { known } = SERVICES[service];
  const text = `HTTP ${status}`;
  if (service === "sign-in" || service === "scim")
    return errorFor(settings, route, { type: text, status });
  if (service === "admin") {
    const type = status === 429 ? "ThrottlingException" : "InternalServerException";
    return errorFor(settings, route, { type, text, status });
  }
  const preferred = service === "oidc" && status === 400 ? "InvalidRequestException" : undefined;
  const type = preferred ?? Object.keys(known).find((name) => known[name]?.[0] === status);
  if (type !== undefined) return errorFor(settings, route, { type });
  const byStatus = status === 429 ? "TooManyRequestsException" : "ServiceUnavailableException";
  return { ...errorFor(settings, route, { type: byStatus }), status };
}
