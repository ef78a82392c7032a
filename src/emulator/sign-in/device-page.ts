import { element, html, type ReceivedRequest, type Reply } from "../http.ts";
import { askToChoose, formatButtons, formatQuestion } from "./consent.ts";
import type { DeviceGrant, State } from "../state/state.ts";

/** Returns the code in upper case with the hyphen. */
function normalizeUserCode(typed: string): string {
  const letters = typed.toUpperCase().replace(/[^A-Z0-9]/g, "");
  return `${letters.slice(0, 4)}-${letters.slice(4)}`;
}

/** Returns the pending device with this code. */
export function findPendingDevice(state: State, typed: string): DeviceGrant | undefined {
  const userCode = normalizeUserCode(typed);
  const device = [...state.issued.devices.values()].find((entry) => entry.userCode === userCode);
  return device?.status === "pending" && state.clock.now() < device.expiresAt ? device : undefined;
}

export function decideDevice(
  state: State,
  device: DeviceGrant,
  decision: "approved" | "denied",
): void {
  device.status = decision;
  device.username = state.settings.identity.username;
}

/** Approves the device if the knob `autoApprove` requires it. */
export function approveIfDue(state: State, device: DeviceGrant): void {
  const wanted = state.settings.autoApproveAfterPolls;
  if (device.status === "pending" && wanted !== null && device.polls >= wanted)
    decideDevice(state, device, "approved");
}

export function serveDevicePage(state: State, request: ReceivedRequest): Reply {
  const form = request.method === "POST" ? new URLSearchParams(request.body) : request.query;
  const typed = form.get("user_code") ?? "";
  if (request.method === "GET" && typed === "") return askForCode();
  const device = findPendingDevice(state, typed);
  if (device === undefined) {
    const code = element("code", typed);
    return html(400, "Invalid code", `<p>The code ${code} is unknown, used or expired.</p>`);
  }
  if (request.method === "GET") return askForConsent(state, device);
  const action = form.get("action");
  if (action === "allow") {
    decideDevice(state, device, "approved");
    const next = "<p>You can close this page and go back to the terminal.</p>";
    return html(200, "Request approved", next);
  }
  if (action !== "deny") return askToChoose();
  decideDevice(state, device, "denied");
  return html(200, "Request denied", "<p>The application was given no access.</p>");
}

function askForCode(): Reply {
  return html(
    200,
    "Enter your code",
    `<form method="get" action="/start/device"><p><label>Code <input name="user_code" autofocus required></label></p>` +
      `<button>Next</button></form>`,
  );
}

function askForConsent(state: State, { userCode, clientName }: DeviceGrant): Reply {
  return html(
    200,
    "Authorization requested",
    `<p>Confirm that this code is the one in your terminal:</p><p>${element("strong", userCode)}</p>` +
      `<p>${formatQuestion(state, clientName)}.</p>` +
      formatButtons("/start/device", "user_code", userCode),
  );
}
