import { Flags, type Interfaces } from "@oclif/core";
import { valueFlag } from "./flags.ts";

/** Flags for how to sign in, for commands that may need it. */
export const signInFlags = {
  "no-browser": Flags.boolean({ description: "do not open a browser", env: "LATCHKEY_NO_BROWSER" }),
  "use-device-code": Flags.boolean({
    description: "approve a code on any device (the default)",
    env: "LATCHKEY_USE_DEVICE_CODE",
  }),
  "use-pkce": Flags.boolean({
    description: "redirect from a browser on this machine",
    env: "LATCHKEY_USE_PKCE",
    exclusive: ["use-device-code", "qr"],
  }),
  "redirect-port": {
    ...valueFlag("port", "redirect-port", {
      helpValue: "PORT",
      description: "redirect to this port of 127.0.0.1",
    }),
    env: "LATCHKEY_REDIRECT_PORT",
  },
  qr: Flags.boolean({
    description: "also show the URL as a QR code",
    env: "LATCHKEY_QR",
  }),
};

export type ParsedSignInFlags = Interfaces.InferredFlags<typeof signInFlags>;

export function toSignInOptions(flags: ParsedSignInFlags) {
  return {
    openBrowser: !flags["no-browser"],
    flow: chooseFlow(flags),
    qr: flags.qr,
    redirectPort: toPort(flags["redirect-port"]),
  };
}

/** Returns undefined if the flag or variable is not set or is empty. Its value was checked before. */
function toPort(text: string | undefined): number | undefined {
  return (text ?? "") === "" ? undefined : Number(text);
}

/** Returns undefined if no flag was given; then the settings or the environment decide. */
function chooseFlow(flags: ParsedSignInFlags): "pkce" | "device" | undefined {
  if (flags["use-pkce"]) return "pkce";
  return flags["use-device-code"] ? "device" : undefined;
}
