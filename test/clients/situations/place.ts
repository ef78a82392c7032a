import { createHash } from "node:crypto";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { startEmulator, type Emulator } from "../../../src/emulator/emulator.ts";
import { pointAwsCliAt } from "../../support/endpoint-rules.ts";
import { openTlsFront, startServers, type Servers } from "./servers.ts";
import {
  ACCOUNT,
  CONFIG,
  OTHER_ACCOUNT,
  PROFILE,
  REGION,
  ROLE,
  SESSION,
  START_URL,
  type Situation,
  type TokenState,
} from "./situation.ts";

/** A machine in a situation: a home, an environment and the services. */
export interface Place {
  readonly home: string;
  readonly emulator: Emulator;
  readonly servers: Servers;
  /** The environment of all processes. */
  readonly env: Record<string, string>;
  /** Words before each command. */
  readonly before: readonly string[];
  /** Where Debian's AWS CLI finds the services: see pointAwsCliAt. */
  readonly dataPath: string | undefined;
  /** Returns the file's path. */
  write(name: string, content: string, mode?: number): string;
  remove(name: string): void;
  writeConfig(content: string): void;
  writeToken(state: TokenState): void;
  close(): Promise<void>;
}

/** In every answer of a service. */
export const REQUEST_ID = "2f1e4c1a-6b0d-4a0c-9d55-0c8f7a3b9e21";

export async function makePlace(situation: Situation): Promise<Place> {
  const emulator = await startEmulator({
    startUrl: START_URL,
    region: { region: REGION },
    identity: { username: "dev@example.com" },
    org: {
      accounts: [
        { accountId: ACCOUNT, roles: [ROLE] },
        { accountId: OTHER_ACCOUNT, roles: [ROLE] },
      ],
    },
  });
  const root = mkdtempSync(join(tmpdir(), "latchkey-situation-"));
  const home = join(root, "dev");
  const servers = await startServers();
  const place = createPlace(situation, { emulator, root, home, servers });
  place.writeConfig(situation.config ?? CONFIG);
  if (situation.credentials !== undefined) place.write(".aws/credentials", situation.credentials);
  place.writeToken(situation.token ?? "good");
  await openWay(situation, place);
  await situation.arrange?.(place);
  // After the situation's own faults, since the first matching fault applies.
  emulator.setFault({ route: "*", headers: { "x-amzn-RequestId": REQUEST_ID } });
  for (const [name, value] of Object.entries(situation.env ?? {})) {
    if (value === undefined) delete place.env[name];
    else place.env[name] = fill(value, place);
  }
  return place;
}

interface Parts {
  readonly emulator: Emulator;
  readonly root: string;
  readonly home: string;
  readonly servers: Servers;
}

function createPlace({ way }: Situation, { emulator, root, home, servers }: Parts): Place {
  const write = (name: string, content: string, mode = 0o600): string => {
    const path = join(home, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
    chmodSync(path, mode);
    return path;
  };
  mkdirSync(home, { recursive: true });
  const place: Place = {
    home,
    emulator,
    servers,
    env: {
      PATH: process.env["PATH"] ?? "",
      HOME: home,
      LANG: "C.UTF-8",
      AWS_PROFILE: PROFILE,
      AWS_PAGER: "",
      AWS_SDK_LOAD_CONFIG: "1",
      AWS_EC2_METADATA_DISABLED: "true",
    },
    before: way === "cut-off" ? ["/usr/bin/unshare", "-rn"] : [],
    dataPath: undefined,
    write,
    remove: (name) => rmSync(join(home, name), { recursive: true, force: true }),
    writeConfig: (content) => void write(".aws/config", fill(content, place)),
    writeToken: (state) => writeToken(place, state),
    async close() {
      await Promise.all([emulator.close(), servers.close()]);
      rmSync(root, { recursive: true, force: true });
    },
  };
  return place;
}

const fill = (text: string, { home, servers }: Place): string =>
  text.replaceAll("{home}", home).replaceAll("{silent}", servers.silentUrl);

async function openWay({ way = "emulator" }: Situation, place: Place): Promise<void> {
  const url = await chooseUrl(way, place);
  if (url === undefined) return;
  for (const name of Object.keys(place.emulator.env)) place.env[name] = url;
  const { AWS_DATA_PATH } = pointAwsCliAt(url, dirname(place.home));
  Object.assign(place, { dataPath: AWS_DATA_PATH });
}

async function chooseUrl(way: string, { emulator, servers, home }: Place) {
  if (way === "emulator") return emulator.url;
  if (way === "closed") return servers.closedUrl;
  return way === "tls" ? openTlsFront(servers, emulator.url, dirname(home)) : undefined;
}

/** Writes the token file of a sign-in, or its state after some time. */
function writeToken(place: Place, state: TokenState): void {
  const isLegacy = state.startsWith("legacy");
  const file = `.aws/sso/cache/${createHash("sha1")
    .update(isLegacy ? START_URL : SESSION)
    .digest("hex")}.json`;
  if (state === "none") return place.remove(".aws/sso");
  const issued = place.emulator.signIn("a client", ["sso:account:access"]);
  const hasEnded = state.includes("ended");
  if (hasEnded) place.emulator.expireAccessTokens(issued.accessToken);
  const expiresAt = formatSeconds(hasEnded ? -3600 : 3600);
  const { accessToken, clientId, clientSecret, refreshToken = "" } = issued;
  const token = { startUrl: START_URL, region: REGION, accessToken, expiresAt };
  const registrationExpiresAt = formatSeconds(86_400 * 60);
  const renewal = { clientId, clientSecret, registrationExpiresAt, refreshToken };
  const isRenewable = state === "good" || state === "ended";
  place.write(file, JSON.stringify({ ...token, ...(isRenewable ? renewal : {}) }));
}

const formatSeconds = (fromNow: number): string =>
  new Date(Date.now() + fromNow * 1000).toISOString().replace(/\.\d+Z$/, "Z");
