import { SSOClient } from "@aws-sdk/client-sso";
import {
  CreateTokenCommand,
  RegisterClientCommand,
  SSOOIDCClient,
  StartDeviceAuthorizationCommand,
} from "@aws-sdk/client-sso-oidc";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { createHash, randomBytes } from "node:crypto";
import { onTestFinished } from "vitest";
import { startEmulator, type Emulator, type EmulatorOptions } from "../../src/emulator/emulator.ts";

export const DEVICE_CODE_GRANT = "urn:ietf:params:oauth:grant-type:device_code";
export const CALLBACK = "http://127.0.0.1:38013/oauth/callback";

/** Starts a new emulator for one test, and closes it when the test ends. */
export async function startEmulatorForTest(options: EmulatorOptions = {}): Promise<Emulator> {
  const emulator = await startEmulator(options);
  onTestFinished(() => emulator.close());
  return emulator;
}

export function createOidcClient(emulator: Emulator, maxAttempts = 1): SSOOIDCClient {
  return new SSOOIDCClient({ endpoint: emulator.url, region: emulator.region, maxAttempts });
}

export function createPortalClient(emulator: Emulator, maxAttempts = 1): SSOClient {
  return new SSOClient({ endpoint: emulator.url, region: emulator.region, maxAttempts });
}

interface Client {
  clientId: string;
  clientSecret: string;
}

interface Registering {
  scopes?: string[] | undefined;
  clientName?: string;
  grantTypes?: string[];
  redirectUris?: string[];
}

export async function register(emulator: Emulator, options: Registering = {}): Promise<Client> {
  const { clientId = "", clientSecret = "" } = await createOidcClient(emulator).send(
    new RegisterClientCommand({
      clientName: "test-client",
      clientType: "public",
      scopes: ["sso:account:access"],
      ...options,
    }),
  );
  return { clientId, clientSecret };
}

/** Starts a new authorization and returns its device code and user code. */
export async function startDevice(emulator: Emulator, client: Client) {
  const started = await createOidcClient(emulator).send(
    new StartDeviceAuthorizationCommand({ ...client, startUrl: emulator.startUrl }),
  );
  return { ...started, deviceCode: started.deviceCode ?? "", userCode: started.userCode ?? "" };
}

export function poll(emulator: Emulator, client: Client, deviceCode: string) {
  return createOidcClient(emulator).send(
    new CreateTokenCommand({ ...client, grantType: DEVICE_CODE_GRANT, deviceCode }),
  );
}

export function refresh(emulator: Emulator, client: Client, refreshToken: string) {
  return createOidcClient(emulator).send(
    new CreateTokenCommand({ ...client, grantType: "refresh_token", refreshToken }),
  );
}

export interface SignInKeys extends Client {
  accessToken: string;
  refreshToken: string;
  expiresIn: number;
}

/** Does a whole device sign-in, approved at once. With `legacy` the client has no scopes. */
export async function signIn(emulator: Emulator, legacy = false): Promise<SignInKeys> {
  const client = await register(emulator, legacy ? { scopes: undefined } : {});
  const { deviceCode, userCode } = await startDevice(emulator, client);
  emulator.approveDevice(userCode);
  const {
    accessToken = "",
    refreshToken = "",
    expiresIn = 0,
  } = await poll(emulator, client, deviceCode);
  return { ...client, accessToken, refreshToken, expiresIn };
}

/** Returns a registered PKCE client, its verifier and the link that a browser would open. */
export async function startPkce(emulator: Emulator, changes: Record<string, string> = {}) {
  const client = await register(emulator, {
    grantTypes: ["authorization_code", "refresh_token"],
    redirectUris: ["http://127.0.0.1/oauth/callback"],
  });
  const codeVerifier = randomBytes(48).toString("base64url");
  const query = new URLSearchParams({
    response_type: "code",
    client_id: client.clientId,
    redirect_uri: CALLBACK,
    state: "b0dee87e",
    code_challenge_method: "S256",
    scopes: "sso:account:access",
    code_challenge: createHash("sha256").update(codeVerifier).digest("base64url"),
    ...changes,
  });
  return { client, codeVerifier, link: `${emulator.url}/authorize?${query.toString()}` };
}

/** Returns the URL that a request is redirected to. */
export async function fetchRedirect(link: string, init: RequestInit = {}): Promise<URL> {
  const response = await fetch(link, { ...init, redirect: "manual" });
  return new URL(response.headers.get("location") ?? `none:${response.status}`);
}

export function redeem(
  emulator: Emulator,
  client: Client,
  grant: { code: string; codeVerifier: string; redirectUri?: string },
) {
  return createOidcClient(emulator).send(
    new CreateTokenCommand({
      ...client,
      grantType: "authorization_code",
      redirectUri: CALLBACK,
      ...grant,
    }),
  );
}

export interface RoleKeys {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken: string;
  expiration: number;
}

/** Fetches role credentials over plain HTTP. */
export async function fetchRoleKeys(
  emulator: Emulator,
  accessToken: string,
  accountId = "100000000001",
  roleName = "ViewOnlyAccess",
): Promise<RoleKeys> {
  const query = new URLSearchParams({ account_id: accountId, role_name: roleName });
  const response = await fetchPortal(
    emulator,
    `/federation/credentials?${query.toString()}`,
    accessToken,
  );
  const body = (await response.json()) as { roleCredentials: RoleKeys };
  return body.roleCredentials;
}

export function fetchPortal(
  emulator: Emulator,
  path: string,
  accessToken: string,
  init: RequestInit = {},
) {
  return fetch(emulator.url + path, {
    ...init,
    headers: { "x-amz-sso_bearer_token": accessToken },
  });
}

/** Calls GetCallerIdentity through the SDK, whose clock is set off by `clockOffsetMs`. */
export function fetchCallerIdentity(emulator: Emulator, keys: RoleKeys, clockOffsetMs = 0) {
  const { accessKeyId, secretAccessKey, sessionToken } = keys;
  const client = new STSClient({
    endpoint: emulator.url,
    region: "us-east-1",
    maxAttempts: 1,
    systemClockOffset: clockOffsetMs,
    credentials: { accessKeyId, secretAccessKey, sessionToken },
  });
  return client.send(new GetCallerIdentityCommand({}));
}

/** Turns a knob over HTTP. */
export function turnOverHttp(emulator: Emulator, knob: string, input: unknown): Promise<Response> {
  return fetch(`${emulator.url}/_emu/${knob}`, { method: "POST", body: JSON.stringify(input) });
}

/** Returns name and status of the error that a call throws. */
export async function catchFailure(call: Promise<unknown>) {
  try {
    await call;
  } catch (error) {
    const seen = error as {
      name: string;
      message: string;
      error?: string;
      error_description?: string;
    };
    const { $metadata } = error as { $metadata?: { httpStatusCode?: number } };
    return { ...seen, name: seen.name, message: seen.message, status: $metadata?.httpStatusCode };
  }
  throw new Error("the call succeeded");
}
