import { expect } from "vitest";
import * as sdk from "../support/emulator-clients.ts";
import { ACCOUNT, ROLE, fetchStatus, type Rows } from "./knob-harness.ts";

const GRANT_REFUSED = { error: "invalid_grant" };

export const tokenRows = {
  async lifetimes({ emulator, turn }) {
    emulator.clock.freeze();
    await turn("lifetimes", {
      accessTokenSeconds: 60,
      legacyAccessTokenSeconds: 120,
      sessionSeconds: 900,
      registrationSeconds: 1000,
      deviceCodeSeconds: 30,
      intervalSeconds: null,
      roleCredentialsSeconds: 900,
      roleSeconds: { AdministratorAccess: 43_200 },
      signInTokenSeconds: 5,
      authorizationCodeSeconds: 10,
    });
    const session = await sdk.signIn(emulator);
    expect(session.expiresIn).toBe(60);
    expect((await sdk.signIn(emulator, true)).expiresIn).toBe(120);
    const started = await sdk.startDevice(emulator, session);
    expect(started).toMatchObject({ expiresIn: 30 });
    expect(started).not.toHaveProperty("interval");
    const fetchSecondsLeft = async (role: string) =>
      (await sdk.fetchRoleKeys(emulator, session.accessToken, ACCOUNT, role)).expiration -
      emulator.clock.now();
    expect(Math.round((await fetchSecondsLeft(ROLE)) / 1000)).toBeCloseTo(900, -1);
    expect(Math.round((await fetchSecondsLeft("AdministratorAccess")) / 1000)).toBeCloseTo(
      43_200,
      -1,
    );
    emulator.clock.advance(61_000);
    expect(await fetchStatus(emulator, session.accessToken)).toBe(401);
    emulator.clock.advance(840_000);
    expect(
      await sdk.catchFailure(sdk.refresh(emulator, session, session.refreshToken)),
    ).toMatchObject(GRANT_REFUSED);
    emulator.clock.advance(100_000);
    expect(await sdk.catchFailure(sdk.startDevice(emulator, session))).toMatchObject({
      name: "InvalidClientException",
    });
  },
  async rotation({ emulator, turn }) {
    emulator.clock.freeze();
    const graced = await sdk.signIn(emulator);
    const use = (session: sdk.SignInKeys, token = session.refreshToken) =>
      sdk.refresh(emulator, session, token);
    await turn("rotation", { mode: "grace", graceMs: 1000 });
    await use(graced);
    emulator.clock.advance(999);
    expect((await use(graced)).accessToken).toBeTruthy();
    emulator.clock.advance(1);
    expect(await sdk.catchFailure(use(graced))).toMatchObject(GRANT_REFUSED);
    await turn("rotation", { mode: "reuse" });
    const reused = await sdk.signIn(emulator);
    expect((await use(reused)).refreshToken).toBe(reused.refreshToken);
    expect((await use(reused)).accessToken).toBeTruthy();
    await turn("rotation", { mode: "strict" });
    const strict = await sdk.signIn(emulator);
    const { refreshToken: next = "" } = await use(strict);
    expect(await sdk.catchFailure(use(strict))).toMatchObject(GRANT_REFUSED);
    expect(await sdk.catchFailure(use(strict, next))).toMatchObject(GRANT_REFUSED);
    expect((await use(reused)).accessToken).toBeTruthy();
  },
  async omitRefreshToken({ emulator, turn }) {
    const session = await sdk.signIn(emulator);
    await turn("omitRefreshToken", { omit: true });
    expect((await sdk.refresh(emulator, session, session.refreshToken)).refreshToken).toBeFalsy();
    await turn("omitRefreshToken", { omit: false });
    expect((await sdk.refresh(emulator, session, session.refreshToken)).refreshToken).toBeTruthy();
  },
  async expireAccessTokens({ emulator, turn }) {
    const [first, second] = [await sdk.signIn(emulator), await sdk.signIn(emulator)];
    await turn("expireAccessTokens", { token: first.accessToken });
    expect(await fetchStatus(emulator, first.accessToken)).toBe(401);
    expect(await fetchStatus(emulator, second.accessToken)).toBe(200);
    await turn("expireAccessTokens", {});
    expect(await fetchStatus(emulator, second.accessToken)).toBe(401);
    const renewed = await sdk.refresh(emulator, second, second.refreshToken);
    expect(await fetchStatus(emulator, renewed.accessToken ?? "")).toBe(200);
    await expect(turn("expireAccessTokens", { token: "unknown" })).rejects.toThrow(
      "no such access token",
    );
  },
  async expireRoleCredentials({ emulator, turn }) {
    const { accessToken } = await sdk.signIn(emulator);
    const viewer = await sdk.fetchRoleKeys(emulator, accessToken);
    const administrator = await sdk.fetchRoleKeys(
      emulator,
      accessToken,
      ACCOUNT,
      "AdministratorAccess",
    );
    await turn("expireRoleCredentials", { accountId: ACCOUNT, roleName: ROLE });
    expect(await sdk.catchFailure(sdk.fetchCallerIdentity(emulator, viewer))).toMatchObject({
      name: "ExpiredToken",
    });
    expect((await sdk.fetchCallerIdentity(emulator, administrator)).Account).toBe(ACCOUNT);
    await turn("expireRoleCredentials", {});
    expect(await sdk.catchFailure(sdk.fetchCallerIdentity(emulator, administrator))).toMatchObject({
      name: "ExpiredToken",
    });
  },
  async revokeRefreshTokens({ emulator, turn }) {
    const [first, second] = [await sdk.signIn(emulator), await sdk.signIn(emulator)];
    await turn("revokeRefreshTokens", { token: first.refreshToken });
    expect(await sdk.catchFailure(sdk.refresh(emulator, first, first.refreshToken))).toMatchObject(
      GRANT_REFUSED,
    );
    expect(await fetchStatus(emulator, first.accessToken)).toBe(200);
    await turn("revokeRefreshTokens", {});
    expect(
      await sdk.catchFailure(sdk.refresh(emulator, second, second.refreshToken)),
    ).toMatchObject(GRANT_REFUSED);
    await expect(turn("revokeRefreshTokens", { token: "unknown" })).rejects.toThrow(
      "no such refresh token",
    );
  },
  async revokeSessions({ emulator, turn }) {
    const [first, second] = [await sdk.signIn(emulator), await sdk.signIn(emulator)];
    await turn("revokeSessions", { token: first.refreshToken });
    expect(await fetchStatus(emulator, first.accessToken)).toBe(401);
    expect(await sdk.catchFailure(sdk.refresh(emulator, first, first.refreshToken))).toMatchObject(
      GRANT_REFUSED,
    );
    expect(await fetchStatus(emulator, second.accessToken)).toBe(200);
    await turn("revokeSessions", {});
    expect(await fetchStatus(emulator, second.accessToken)).toBe(401);
    await expect(turn("revokeSessions", { token: "unknown" })).rejects.toThrow(
      "no session has that token",
    );
  },
} satisfies Rows;
