import { expect } from "vitest";
import type { SignIn } from "../../src/emulator/sign-in/tokens.ts";
import * as sdk from "../support/emulator-clients.ts";
import { fetchStatus, type Rows } from "./knob-harness.ts";

export const signInRows = {
  async approveDevice({ emulator, turn }) {
    const client = await sdk.register(emulator);
    const { deviceCode, userCode } = await sdk.startDevice(emulator, client);
    await turn("approveDevice", { userCode });
    expect((await sdk.poll(emulator, client, deviceCode)).accessToken).toBeTruthy();
    await expect(turn("approveDevice", { userCode })).rejects.toThrow(
      `no device is waiting with the code ${userCode}`,
    );
  },
  async denyDevice({ emulator, turn }) {
    const client = await sdk.register(emulator);
    const { deviceCode, userCode } = await sdk.startDevice(emulator, client);
    await turn("denyDevice", { userCode });
    expect(await sdk.catchFailure(sdk.poll(emulator, client, deviceCode))).toMatchObject({
      error: "access_denied",
    });
  },
  async autoApprove({ emulator, turn }) {
    const client = await sdk.register(emulator);
    await turn("autoApprove", { afterPolls: 2 });
    const later = await sdk.startDevice(emulator, client);
    const pending = { error: "authorization_pending" };
    expect(await sdk.catchFailure(sdk.poll(emulator, client, later.deviceCode))).toMatchObject(
      pending,
    );
    expect(await sdk.catchFailure(sdk.poll(emulator, client, later.deviceCode))).toMatchObject(
      pending,
    );
    expect((await sdk.poll(emulator, client, later.deviceCode)).accessToken).toBeTruthy();
    await turn("autoApprove", { afterPolls: 0 });
    const atOnce = await sdk.startDevice(emulator, client);
    expect((await sdk.poll(emulator, client, atOnce.deviceCode)).accessToken).toBeTruthy();
  },
  async signIn({ emulator, turn }) {
    const signIn = async (input: { clientName?: string; scopes?: string[] }) =>
      (await turn("signIn", input)) as SignIn;
    const { accessToken, refreshToken, expiresIn, ...client } = await signIn({
      scopes: ["sso:account:access"],
    });
    expect(expiresIn).toBe(3600);
    expect(await fetchStatus(emulator, accessToken)).toBe(200);
    expect((await sdk.refresh(emulator, client, refreshToken ?? "")).accessToken).toBeTruthy();
    const named = await signIn({ clientName: "latchkey on desk" });
    expect(named.refreshToken).toBeUndefined();
    expect(named.clientSecretExpiresAt).toBeGreaterThan(emulator.clock.now() / 1000 + 7_000_000);
    const { userCode } = await sdk.startDevice(emulator, named);
    expect(
      await (await fetch(`${emulator.url}/start/device?user_code=${userCode}`)).text(),
    ).toContain("latchkey on desk");
  },
  async slowDown({ emulator, turn }) {
    const client = await sdk.register(emulator);
    const { deviceCode } = await sdk.startDevice(emulator, client);
    const poll = () => sdk.catchFailure(sdk.poll(emulator, client, deviceCode));
    await turn("slowDown", { next: 1 });
    expect(await poll()).toMatchObject({ name: "SlowDownException", error: "slow_down" });
    expect(await poll()).toMatchObject({ error: "authorization_pending" });
    emulator.clock.freeze();
    await turn("slowDown", { strict: true });
    emulator.clock.advance(900);
    expect(await poll()).toMatchObject({ error: "slow_down" });
    emulator.clock.advance(5900);
    expect(await poll()).toMatchObject({ error: "slow_down" });
    emulator.clock.advance(11_000);
    expect(await poll()).toMatchObject({ error: "authorization_pending" });
  },
  async authorize({ emulator, turn }) {
    const { link } = await sdk.startPkce(emulator);
    await turn("authorize", { mode: "auto" });
    expect((await sdk.fetchRedirect(link)).searchParams.get("state")).toBe("b0dee87e");
    await turn("authorize", { mode: "wrong-state" });
    expect((await sdk.fetchRedirect(link)).searchParams.get("state")).toBe("not-b0dee87e");
    await turn("authorize", { mode: "deny" });
    expect((await sdk.fetchRedirect(link)).searchParams.get("error")).toBe("access_denied");
    await turn("authorize", { mode: "never" });
    expect(await (await fetch(link)).text()).toContain("stays unanswered");
    await turn("authorize", { mode: "consent" });
    expect(await (await fetch(link)).text()).toContain("Allow");
  },
  async publicBaseUrl({ emulator, turn }) {
    await turn("publicBaseUrl", { url: "https://portal.example" });
    const { verificationUri } = await sdk.startDevice(emulator, await sdk.register(emulator));
    expect(verificationUri).toBe("https://portal.example/start/device");
  },
  async startUrls({ emulator, turn }) {
    const client = await sdk.register(emulator);
    await turn("startUrls", { allow: ["https://other.awsapps.com/start"] });
    expect(await sdk.catchFailure(sdk.startDevice(emulator, client))).toMatchObject({
      name: "InvalidRequestException",
    });
    await turn("startUrls", { allow: [emulator.startUrl] });
    expect((await sdk.startDevice(emulator, client)).deviceCode).toBeTruthy();
  },
  async region({ emulator, turn }) {
    const session = await sdk.signIn(emulator);
    await turn("region", { region: "eu-west-1" });
    expect(emulator.region).toBe("eu-west-1");
    const refused = await sdk.catchFailure(sdk.refresh(emulator, session, session.refreshToken));
    expect(refused).toMatchObject({ name: "InvalidClientException" });
    const here = await sdk.register(emulator);
    const foreign = await sdk.catchFailure(sdk.refresh(emulator, here, session.refreshToken));
    expect(foreign).toMatchObject({ error_description: "Invalid token provided" });
  },
  async invalidateClient({ emulator, turn }) {
    const [first, second] = [await sdk.register(emulator), await sdk.register(emulator)];
    await turn("invalidateClient", { clientId: first.clientId });
    expect(await sdk.catchFailure(sdk.startDevice(emulator, first))).toMatchObject({
      name: "InvalidClientException",
    });
    expect((await sdk.startDevice(emulator, second)).deviceCode).toBeTruthy();
    await turn("invalidateClient", {});
    expect(await sdk.catchFailure(sdk.startDevice(emulator, second))).toMatchObject({
      name: "InvalidClientException",
    });
    await expect(turn("invalidateClient", { clientId: "unknown" })).rejects.toThrow(
      "no such client",
    );
  },
} satisfies Rows;
