import { element, escapeHtml, html, type Reply } from "../http.ts";
import type { State } from "../state/state.ts";

/** Parts that the two consent pages share. */

/** Returns HTML that names the client and the user. */
export function formatQuestion({ settings }: State, clientName: string): string {
  const person = element("strong", settings.identity.username);
  return `${element("strong", clientName)} asks for access to your accounts as ${person}`;
}

/** Returns a form with the two buttons and the hidden field that identifies the request. */
export function formatButtons(action: string, name: string, value: string): string {
  return (
    `<form method="post" action="${action}"><input type="hidden" name="${name}" value="${escapeHtml(value)}">` +
    `<button name="action" value="allow">Allow</button> <button name="action" value="deny">Deny</button></form>`
  );
}

export function askToChoose(): Reply {
  return html(400, "Invalid request", "<p>Choose Allow or Deny.</p>");
}
