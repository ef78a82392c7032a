import { randomUUID } from "node:crypto";
import { findService, type Route } from "./routes.ts";
import { escapeHtml, html, json, xml, type Reply } from "./http.ts";
import { scimError } from "./scim/resources.ts";
import type { Settings } from "./state/settings.ts";

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

function oauthCode(type: string): string {
  if (type === "InternalServerException") return "server_error";
  return type
    .replace(/Exception$/, "")
    .replace(/(?<=.)[A-Z]/g, (letter) => `_${letter}`)
    .toLowerCase();
}

/** sso-oidc: the type stands in the header only; the body is that of RFC 6749 §5.2. */
export function oidcError(settings: Settings, type: string, description?: string): Reply {
  const [status, message] = OIDC_ERRORS[type] ?? [400, type];
  const body: Record<string, unknown> = {
    error: oauthCode(type),
    error_description: description ?? message,
  };
  const hasReason = type === "InvalidRequestException" || type === "AccessDeniedException";
  if (hasReason && settings.nulls) body["reason"] = null;
  if (settings.errorShape === "body") return json(status, { ...body, __type: type });
  return json(status, body, {
    "x-amzn-ErrorType": `${type}:http://internal.amazon.com/coral/com.amazonaws.sso.oidc/`,
  });
}

export function portalError(settings: Settings, type: string, text?: string): Reply {
  const [status, message] = PORTAL_ERRORS[type] ?? [500, "Internal error"];
  const headers =
    settings.errorShape === "body"
      ? {}
      : {
          "x-amzn-ErrorType": `${type}:http://internal.amazon.com/coral/com.amazonaws.switchboard.portal/`,
        };
  const body: Record<string, string> = { message: text ?? message };
  if (settings.errorShape !== "header") body["__type"] = `com.amazonaws.switchboard.portal#${type}`;
  return json(status, body, headers);
}

export function stsError(code: string, text?: string): Reply {
  const [status, message] = STS_ERRORS[code] ?? [400, code];
  const fault = status < 500 ? "Sender" : "Receiver";
  return xml(
    status,
    `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>${fault}</Type>` +
      `<Code>${escapeHtml(code)}</Code><Message>${escapeHtml(text ?? message)}</Message></Error>` +
      `<RequestId>${randomUUID()}</RequestId></ErrorResponse>`,
  );
}

export function signInError(status: number, message: string): Reply {
  return html(status, "Sign-in failed", `<p>${escapeHtml(message)}</p>`);
}

/** The administrator's services, all of them. */
export function adminError(type: string, message: string): Reply {
  const status = type === "InternalServerException" ? 500 : 400;
  return json(status, { __type: type, message, Message: message });
}

/** An error in the shape of the route's own service. */
export function errorFor(settings: Settings, route: Route, type: string): Reply {
  switch (findService(route)) {
    case "portal":
      return portalError(settings, type);
    case "sts":
      return stsError(type);
    case "sign-in":
      return signInError(400, type);
    case "scim":
      return scimError(400, type);
    case "admin":
      return adminError(type, type === "ThrottlingException" ? "Rate exceeded" : type);
    case "oidc":
      return oidcError(settings, type);
  }
}

/** The same by status alone: the service's own error of that status, or one named after it. */
export function errorWithStatus(settings: Settings, route: Route, status: number): Reply {
  const service = findService(route);
  if (service === "sign-in") return signInError(status, `HTTP ${status}`);
  if (service === "scim") return scimError(status, `HTTP ${status}`);
  if (service === "admin")
    return {
      ...adminError(
        status === 429 ? "ThrottlingException" : "InternalServerException",
        `HTTP ${status}`,
      ),
      status,
    };
  const known = { oidc: OIDC_ERRORS, portal: PORTAL_ERRORS, sts: STS_ERRORS }[service];
  const preferred = service === "oidc" && status === 400 ? "InvalidRequestException" : undefined;
  const type = preferred ?? Object.keys(known).find((name) => known[name]?.[0] === status);
  if (type !== undefined) return errorFor(settings, route, type);
  const byStatus = status === 429 ? "TooManyRequestsException" : "ServiceUnavailableException";
  return { ...errorFor(settings, route, byStatus), status };
}
