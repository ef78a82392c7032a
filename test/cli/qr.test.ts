import jsQR from "jsqr";
import { stripVTControlCharacters } from "node:util";
import { describe, expect, test } from "vitest";
import { createHome, SESSION_CONFIG, type Home } from "../support/home.ts";
import { startSession, type Session } from "../support/pty.ts";
import { drawScreen } from "../support/screen.ts";

const SCALE = 4;

/** What a camera would read from these terminal lines: block characters are light, the background is dark. */
function readBack(lines: readonly string[]): string | undefined {
  const rows = lines.flatMap((line) => [
    line.split("").map((block) => "█▀".includes(block)),
    line.split("").map((block) => "█▄".includes(block)),
  ]);
  const [width, height] = [(rows[0]?.length ?? 0) * SCALE, rows.length * SCALE];
  const pixels = new Uint8ClampedArray(width * height * 4).fill(255);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const shade = rows[Math.floor(y / SCALE)]?.[Math.floor(x / SCALE)] === true ? 255 : 0;
      pixels.fill(shade, (y * width + x) * 4, (y * width + x) * 4 + 3);
    }
  }
  return jsQR.default(pixels, width, height)?.data;
}

const findPicture = (text: string): string[] =>
  text.split(/\r?\n/).filter((line) => /^[█▀▄ ]{20,}$/.test(line));

async function createDeviceHome(options: Parameters<typeof createHome>[0] = {}): Promise<Home> {
  const home = await createHome({ autoApprove: { afterPolls: 0 }, ...options });
  home.write(".aws/config", SESSION_CONFIG);
  return home;
}

describe("login --qr", () => {
  test(
    "shows the URL as a QR code that a decoder reads back, also if the setting is redirect",
    { tags: ["long"] },
    async () => {
      const home = await createDeviceHome();
      await home.run(["settings", "login-flow", "pkce"]);
      const result = await home.run(["login", "--qr", "--no-browser"]);
      expect(result, result.stderr).toMatchObject({ exitCode: 0, stdout: "" });
      expect(readBack(findPicture(result.stderr))).toBe(/Open {3}(\S+)/.exec(result.stderr)?.[1]);
    },
  );

  test(
    "a URL as long as AWS's own fits an 80-column terminal, in colours that no theme inverts",
    { tags: ["long"] },
    async () => {
      const url = "https://d-1234567890.awsapps.com/start/#/device";
      const home = await createDeviceHome();
      home.emulator.setFault({
        route: "StartDeviceAuthorization",
        body: {
          deviceCode: "code",
          userCode: "ABCD-EFGH",
          verificationUri: url,
          verificationUriComplete: `${url}?user_code=ABCD-EFGH`,
          expiresIn: 2,
          interval: 1,
        },
      });
      const session = startSession(home, ["login", "--qr", "--no-browser"]);
      await session.see("ABCD-EFGH");
      expect(session.readRaw()).toMatch(/\u001b\[97;40m[█▀▄ ]+\u001b\[0m/);
      expect(readBack(findPicture(stripVTControlCharacters(session.readRaw())))).toBe(
        `${url}?user_code=ABCD-EFGH`,
      );
      await session.ended;
      const plain = startSession(home, ["login", "--qr", "--no-browser"], 80, { NO_COLOR: "1" });
      await plain.see("ABCD-EFGH");
      expect(plain.readRaw()).not.toContain("\u001b[97;40m");
      await plain.ended;
    },
  );

  test(
    "a terminal that is too narrow gets a notice, and the sign-in continues",
    { tags: ["long"] },
    async () => {
      const home = await createDeviceHome();
      const session = startSession(home, ["login", "--qr", "--no-browser"], 30);
      await session.see(/the QR code needs \d+ columns/);
      await session.see("Signed in to corp.");
      expect(await session.ended).toBe(0);
      expect(findPicture(session.readText())).toEqual([]);
    },
  );

  const FAR_URL = "https://d-1234567890.awsapps.com/start/#/device?user_code=ABCD-EFGH";

  async function startFarLogin(rows: number): Promise<Session> {
    const home = await createDeviceHome();
    home.emulator.setFault({
      route: "StartDeviceAuthorization",
      body: {
        deviceCode: "code",
        userCode: "ABCD-EFGH",
        verificationUri: FAR_URL,
        verificationUriComplete: FAR_URL,
        expiresIn: 3,
        interval: 1,
      },
    });
    const session = startSession(home, ["login", "--qr", "--no-browser"]);
    session.resize(80, rows);
    return session;
  }

  test("shows picture and code together in 24 rows", { tags: ["long"] }, async () => {
    const session = await startFarLogin(24);
    await session.see("waiting for your approval");
    const { lines } = await drawScreen(session.readRaw(), 80, [], 24);
    expect(readBack(findPicture(lines.map((line) => line.padEnd(80)).join("\n")))).toBe(FAR_URL);
    expect(lines.join("\n")).toContain("Code   ABCD-EFGH");
    await session.ended;
  });

  test(
    "tells how many rows the picture needs if the terminal has too few",
    { tags: ["long"] },
    async () => {
      const session = await startFarLogin(16);
      await session.see(/the QR code needs \d+ rows, and this terminal has 16/);
      await session.see("ABCD-EFGH");
      await session.ended;
      expect(findPicture(session.readText())).toEqual([]);
    },
  );
});
