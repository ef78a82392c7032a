import type { MessageFamily } from "../message.ts";

/** The SDK for .NET, and PowerShell, which has it inside. */
export const DOTNET: MessageFamily = {
  client: "dotnet",
  messages: [],
};
