import { createHome, SESSION_CONFIG, type Home, type RunOptions, type RunResult } from "./home.ts";

/** Follows the URL that the program prints, like a browser whose user approves, and returns the last response. */
async function followUrl(stderr: string): Promise<Response> {
  return fetch(/Open {3}(\S+)/.exec(stderr)?.[1] ?? "");
}

export async function createPkceHome(
  options: Parameters<typeof createHome>[0] = {},
): Promise<Home> {
  const home = await createHome({ authorize: { mode: "auto" }, ...options });
  home.write(".aws/config", SESSION_CONFIG);
  return home;
}

/** Runs a login and follows its URL as soon as it is printed. */
export async function loginAndFollow(
  home: Home,
  argv: readonly string[],
  options: RunOptions = {},
): Promise<{ result: RunResult; page: Response | undefined }> {
  let page: Promise<Response> | undefined;
  const result = await home.run(argv, {
    ...options,
    onStderr: (text) => void (/Open {3}\S+\n/.test(text) && (page ??= followUrl(text))),
  });
  return { result, page: await page };
}
