import { rmSync } from "node:fs";
import { expect } from "vitest";
import { createSignedInHome } from "../support/home.ts";
import { ROLE } from "./support/injection.ts";
import { createSelfSigned, startTlsFront } from "./support/raw-servers.ts";
import { row } from "./support/row.ts";

/** The same certificate in OpenSSL's own form: followed by settings, here an empty sequence. */
function toTrusted(pem: string): string {
  const [, base64 = ""] = /^-+BEGIN CERTIFICATE-+([^-]*)/m.exec(pem) ?? [];
  const bytes = Buffer.concat([Buffer.from(base64, "base64"), Buffer.of(0x30, 0)]);
  const lines = bytes.toString("base64").match(/.{1,64}/g) ?? [];
  return [
    "-----BEGIN TRUSTED CERTIFICATE-----",
    ...lines,
    "-----END TRUSTED CERTIFICATE-----\n",
  ].join("\n");
}

row(
  35,
  "a CA bundle that is missing, unreadable or not PEM: exit 7, no request; a good one, also of the profile, is used",
  async () => {
    const home = await createSignedInHome();
    const certificate = createSelfSigned(home, "ca", ["127.0.0.1"]);
    const front = await startTlsFront(home, certificate);
    home.write("not.pem", "hello");
    const pem = home.read("ca.pem");
    home.write("garbled.pem", `${pem}${pem.replace("MII", "MIJ")}`);
    home.write("cut.pem", pem.slice(0, -40));
    home.write("both.pem", `${pem}${pem.slice(0, -40)}`);
    for (const bundle of [
      `${home.path}/missing.pem`,
      `${home.path}/not.pem`,
      `${home.path}/garbled.pem`,
      `${home.path}/cut.pem`,
      `${home.path}/both.pem`,
      home.path,
    ]) {
      expect(
        await home.run(ROLE, { env: { AWS_ENDPOINT_URL_SSO: front.url, AWS_CA_BUNDLE: bundle } }),
        bundle,
      ).toMatchObject({
        exitCode: 7,
        stdout: "",
        stderr: expect.stringMatching(/hint: Fix AWS_CA_BUNDLE or the profile's ca_bundle\./),
      });
    }
    expect(front.requests()).toBe(0);
    // As Windows' editors and OpenSSL's trust store write it.
    home.write("marked.pem", `\ufeff${pem}`);
    home.write("trusted.pem", toTrusted(pem));
    for (const bundle of ["ca.pem", "marked.pem", "trusted.pem"]) {
      expect(
        await home.run(ROLE, {
          env: { AWS_ENDPOINT_URL_SSO: front.url, AWS_CA_BUNDLE: `${home.path}/${bundle}` },
        }),
        bundle,
      ).toMatchObject({ exitCode: 0, stderr: "" });
      rmSync(`${home.path}/.aws/latchkey/role-credentials`, { recursive: true });
    }
    home.write(
      ".aws/config",
      home
        .read(".aws/config")
        .replace("[profile okta]\n", `[profile okta]\nca_bundle = ${certificate.certificate}\n`),
    );
    expect(
      await home.run(["credential-process", "--profile", "okta"], {
        env: { AWS_ENDPOINT_URL_SSO: front.url },
      }),
    ).toMatchObject({ exitCode: 0 });
    expect(front.requests()).toBe(4);
  },
);
