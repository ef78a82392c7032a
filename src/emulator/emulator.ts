import type { AddressInfo, Server } from "node:net";
import { createClock } from "./state/clock.ts";
import { createControls, createKeyControls } from "./control/methods.ts";
import { createDirectory } from "./state/directory.ts";
import type { Fault } from "./faults.ts";
import { createJournal, type Journal } from "./journal.ts";
import { isKnobName, turnKnob, type KnobInput, type SettingName } from "./control/knobs.ts";
import { createOrg } from "./state/organization.ts";
import { createEmulatorServer } from "./server.ts";
import { createSettings } from "./state/settings.ts";
import { createIssuedSecrets, type State } from "./state/state.ts";

/** Options at the start. Each setting knob is an option with the same input. */
export type EmulatorOptions = { [N in SettingName]?: KnobInput<N> } & {
  /** 0 or absent: a free port. */
  port?: number;
  startUrl?: string;
  clock?: KnobInput<"clock">;
  faults?: Fault[];
};

export type Emulator = Awaited<ReturnType<typeof startEmulator>>;

function createState(options: EmulatorOptions): State {
  const state: State = {
    clock: createClock(),
    journal: createJournal(),
    settings: createSettings(),
    org: createOrg(),
    directory: createDirectory(),
    issued: createIssuedSecrets(),
    faults: [],
    buckets: new Map(),
    url: "",
  };
  const { port: _port, startUrl, faults, ...knobs } = options;
  if (startUrl !== undefined) state.settings.startUrl = startUrl;
  for (const [name, input] of Object.entries(knobs)) {
    if (input === undefined) continue;
    if (!isKnobName(name)) throw new Error(`the emulator has no option ${name}`);
    turnKnob(state, name, input);
  }
  for (const fault of faults ?? []) turnKnob(state, "setFault", fault);
  return state;
}

/** The service names that AWS SDKs use in AWS_ENDPOINT_URL_…. */
const SERVICES = [
  "SSO",
  "SSO_OIDC",
  "STS",
  "SIGNIN",
  "SSO_ADMIN",
  "IDENTITYSTORE",
  "ORGANIZATIONS",
  "CLOUDTRAIL",
] as const;

async function listen(server: Server, wantedPort: number): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(wantedPort, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  return `http://127.0.0.1:${port}`;
}

/**
 * Starts a local IAM Identity Center on one port of 127.0.0.1: sso-oidc, portal, STS, console sign-in, SCIM and
 * administrator services.
 */
export async function startEmulator(options: EmulatorOptions = {}) {
  const state = createState(options);
  const server = createEmulatorServer(state);
  const url = await listen(server, options.port ?? 0);
  state.url = url;
  const env: Readonly<Record<string, string>> = Object.fromEntries(
    SERVICES.map((service) => [`AWS_ENDPOINT_URL_${service}`, url]),
  );
  return {
    ...createControls(state),
    ...createKeyControls(state),
    url,
    startUrl: state.settings.startUrl,
    get region() {
      return state.settings.region;
    },
    /** The variables that make AWS SDKs and latchkey use the emulator. */
    env,
    journal: state.journal as Journal,
    clock: state.clock,
    /** The base URL of the SCIM endpoint, with a trailing slash as in the console. */
    get scimEndpoint() {
      return `${url}/${state.directory.tenant}/scim/v2/`;
    },
    /** The administrator's long-term keys as environment variables. */
    get administratorEnv() {
      const { accessKeyId, secretAccessKey } = state.directory.administrator;
      return { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey };
    },
    /** Stops listening and closes open connections. */
    close: (): Promise<void> =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
