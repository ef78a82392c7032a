import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect } from "vitest";
import { createOktaMetadata, TOKEN, USER } from "../support/federation.ts";
import { createFederatedHome } from "../support/federation-run.ts";
import {
  CORP_TOKEN,
  createHome,
  expireTokenFile,
  testOnNodeOnly,
  SESSION_CONFIG,
  createSignedInHome,
  type Home,
} from "../support/home.ts";
import { OKTA_ROLE } from "../support/session-config.ts";

const test = testOnNodeOnly(
  "loaded modules are recorded by a Node hook; both programs are bundled from the same imports",
);

interface LoadedModules {
  /** Packages with a loaded module, from the bundle or from node_modules. */
  readonly packages: readonly string[];
  /** Loaded modules of src/. */
  readonly own: readonly string[];
}

/** Chunk of the bundle → its modules, as recorded by the build. */
const readBundledModules = (): Record<string, string[]> =>
  JSON.parse(readFileSync(join(import.meta.dirname, "../../dist/chunks.json"), "utf8")) as Record<
    string,
    string[]
  >;

/** All modules that a run has loaded: the loaded chunks of the bundle, and their modules by dist/chunks.json. */
async function listLoaded(
  home: Home,
  argv: readonly string[],
  more: Readonly<Record<string, string>> = {},
): Promise<LoadedModules> {
  const spy = home.write(
    "spy.cjs",
    `
    const loaded = [];
    require("node:module").registerHooks({ load: (url, context, next) => (loaded.push(url), next(url, context)) });
    process.on("exit", () => require("node:fs").writeFileSync(process.env.SPY, loaded.join("\\n")));
  `,
  );
  const { exitCode, stderr } = await home.run(argv, {
    env: { ...more, NODE_OPTIONS: `--require ${spy}`, SPY: join(home.path, "loaded") },
  });
  expect(exitCode, stderr).toBe(0);
  const chunks = readBundledModules();
  const modules = home
    .read("loaded")
    .split("\n")
    .flatMap((url) => chunks[/dist\/bundle\/[^/]+$/.exec(url)?.[0] ?? ""] ?? [url]);
  const packages = modules
    .map((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1])
    .filter((name) => name !== undefined);
  return {
    packages: [...new Set(packages)].toSorted(),
    own: [...new Set(modules.filter((path) => path.startsWith("src/")))].toSorted(),
  };
}

/** The AWS clients and the other packages that this program imports itself. */
async function listPackages(
  home: Home,
  argv: readonly string[],
  more: Readonly<Record<string, string>> = {},
): Promise<string[]> {
  const { packages } = await listLoaded(home, argv, more);
  return packages.filter((name) =>
    /^@aws-sdk\/(client|credential-providers)|^@oclif\/core$|^@inquirer\/prompts$|^(conf|open|ini|fast-xml-parser)$/.test(
      name,
    ),
  );
}

const ROLE = ["credential-process", ...OKTA_ROLE];

describe("what a run loads", () => {
  test("credential-process loads no package, hot or cold, except the token client for a refresh", async () => {
    const home = await createSignedInHome();
    expect(await listPackages(home, ROLE)).toEqual([]);
    expect(await listPackages(home, ROLE)).toEqual([]);
    expireTokenFile(home, CORP_TOKEN);
    expect(
      await listPackages(home, [
        "credential-process",
        "--sso-session",
        "corp",
        "--account-id",
        "100000000002",
        "--role-name",
        "ViewOnlyAccess",
      ]),
    ).toEqual(["@aws-sdk/client-sso-oidc"]);
  });

  test("configure loads only oclif, also to read the settings; to write a setting loads the settings library", async () => {
    const home = await createHome();
    home.write(".aws/config", SESSION_CONFIG);
    const role = [
      "--sso-session",
      "corp",
      "--account-id",
      "100000000002",
      "--role-name",
      "ViewOnlyAccess",
      "--yes",
    ];
    expect(await listPackages(home, ["configure", "--profile", "fresh", ...role])).toEqual([
      "@oclif/core",
    ]);
    expect(await listPackages(home, ["settings", "default-region", "eu-west-1"])).toEqual([
      "@oclif/core",
      "conf",
    ]);
  });

  test("each federation command loads only the administrator clients that it calls", async () => {
    const home = await createFederatedHome();
    const env = {
      ...home.emulator.administratorEnv,
      AWS_REGION: "us-east-1",
      LATCHKEY_SCIM_TOKEN: TOKEN,
    };
    const listLoadedOf = async (...argv: string[]) =>
      (await listPackages(home, ["federation", ...argv], env))
        .filter((name) => name !== "@oclif/core")
        .map((name) => name.replace("@aws-sdk/client-", ""));
    expect(await listLoadedOf("policy")).toEqual([]);
    expect(await listLoadedOf("metadata", home.write("okta.xml", createOktaMetadata()))).toEqual([
      "fast-xml-parser",
    ]);
    expect(await listLoadedOf("scim", "--endpoint", home.emulator.scimEndpoint)).toEqual([]);
    expect(await listLoadedOf("why", "login")).toEqual(["cloudtrail"]);
    expect(await listLoadedOf("check", "--user", USER)).toEqual(["identitystore", "sso-admin"]);
  });

  test("whoami loads STS, accounts the portal client; status, help, and exec and export of cached credentials none", async () => {
    const home = await createSignedInHome();
    expect(await listPackages(home, ["whoami", "okta"])).toEqual([
      "@aws-sdk/client-sts",
      "@oclif/core",
    ]);
    expect(await listPackages(home, ["export", "okta"])).toEqual(["@oclif/core"]);
    expect(await listPackages(home, ["exec", "okta", "--", "true"])).toEqual(["@oclif/core"]);
    expect(await listPackages(home, ["shell-init", "bash"])).toEqual(["@oclif/core"]);
    expect(await listPackages(home, ["accounts"])).toEqual(["@aws-sdk/client-sso", "@oclif/core"]);
    expect(await listPackages(home, ["status"])).toEqual(["@oclif/core"]);
    expect(await listPackages(await createHome(), ["login", "--help"])).toEqual(["@oclif/core"]);
  });

  test("--help, whoami and accounts load the listed packages, and few modules of their own", async () => {
    const home = await createSignedInHome();
    const help = await listLoaded(home, ["--help"]);
    // Cache the role credentials first: without them, the run would need the portal, too.
    await home.run(["whoami", "okta"]);
    const whoami = await listLoaded(home, ["whoami", "okta"]);
    const accounts = await listLoaded(home, ["accounts"]);
    expect(help.packages).toEqual([...OCLIF, ...TEXT].toSorted());
    expect(help.own.length).toBeLessThanOrEqual(MOST_OF_HELP);
    expect(countByLayer(help)).toEqual({ commands: 0, features: 0, aws: 0, emulator: 0 });
    const listBeyond = ({ packages }: LoadedModules): string[] =>
      packages.filter((name) => ![...OCLIF, ...TEXT].includes(name));
    expect(listBeyond(accounts)).toEqual(["@aws-sdk/client-sso", ...CLIENT]);
    expect(listBeyond(whoami)).toEqual(["@aws-sdk/client-sts", ...CLIENT, ...STS].toSorted());
    for (const run of [accounts, whoami])
      expect(countByLayer(run)).toMatchObject({ commands: 1, emulator: 0 });
    // One service each. The other loaded modules of aws/ are shared by all clients.
    const listClients = ({ own }: LoadedModules): string[] =>
      own.filter((path) => /^src\/aws\/(oidc|portal|sts|sdk-credentials)\.ts$/.test(path));
    expect(listClients(accounts)).toEqual(["src/aws/portal.ts"]);
    expect(listClients(whoami)).toEqual(["src/aws/sts.ts"]);
  });

  test("each layer has modules at its expected path", async () => {
    const own = Object.values(readBundledModules()).flat();
    for (const [layer, count] of Object.entries(countByLayer({ packages: [], own })))
      expect(count, layer).toBeGreaterThan(0);
  });
});

/** @oclif/core and the packages bundled with it. */
const OCLIF = [
  "@oclif/core",
  "ansi-regex",
  "ansi-styles",
  "ansis",
  "clean-stack",
  "color-convert",
  "color-name",
  "ejs",
  "emoji-regex",
  "escape-string-regexp",
  "has-flag",
  "indent-string",
  "is-fullwidth-code-point",
  "string-width",
  "strip-ansi",
  "supports-color",
  "widest-line",
  "wordwrap",
  "wrap-ansi",
];

/** Text widths and nearest names: 8 kB, in one chunk with the code that every command needs. */
const TEXT = ["fast-string-truncated-width", "fast-string-width", "fastest-levenshtein"];

/** The highest number of modules of src/ that `--help` may load. Each is read and compiled before the first line appears. */
const MOST_OF_HELP = 24;

/** The path of each layer. Change only this if files are moved. */
const LAYERS = {
  commands: /^src\/commands\//,
  features:
    /^src\/(settings|aws-config|token|access|profiles|sign-in|credentials|configure|sync|shell|console|doctor|federation|demo)\//,
  aws: /^src\/(aws|federation\/aws)\//,
  emulator: /^src\/emulator\//,
};

/** The number of modules of each layer that a run has loaded. */
function countByLayer({ own }: LoadedModules): Record<string, number> {
  const layers = Object.entries(LAYERS);
  return Object.fromEntries(
    layers.map(([layer, path]) => [layer, own.filter((module) => path.test(module)).length]),
  );
}

/** The packages that every AWS client needs, one chunk. The XML builder is included although only some clients need it. */
const CLIENT = [
  "@aws-sdk/core",
  "@aws-sdk/xml-builder",
  "@aws/lambda-invoke-store",
  "@smithy/core",
  "@smithy/node-http-handler",
  "@smithy/signature-v4",
  "@smithy/types",
];

/** STS answers in XML. Its client's defaults import the SDK's credential chain, although latchkey passes credentials. */
const STS = [
  "@aws-sdk/credential-provider-env",
  "@aws-sdk/credential-provider-node",
  "@aws-sdk/signature-v4-multi-region",
];
