import { describeLinuxProgram } from "./support/linux.ts";

describeLinuxProgram({ target: "linux-arm64-musl", platform: "linux-arm64" });
