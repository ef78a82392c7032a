import type { Readable } from "node:stream";

/** Telling a web page, as a captive portal sends it, from a service's answer. */

/** How an AWS service's answer begins: a JSON object, or an XML response, in whatever type a gateway labels it. */
const ANSWER = /^\s*(\{|(<\?xml[^>]*>\s*)?<\w+Response\b)/;

/** Whether the body is a web page: labelled as one, and not an answer all the same. What is read of it is put back. */
export async function isWebPage(
  headers: Readonly<Record<string, string>>,
  body: Readable,
): Promise<boolean> {
  if (!isLabelledHtml(headers)) return false;
  return !ANSWER.test((await firstBytes(body)).toString("latin1"));
}

function isLabelledHtml(headers: Readonly<Record<string, string>>): boolean {
  const name = Object.keys(headers).find((header) => header.toLowerCase() === "content-type");
  return name !== undefined && /^\s*text\/html/i.test(headers[name] ?? "");
}

function firstBytes(body: Readable): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    body.once("error", reject);
    body.once("readable", () => {
      body.off("error", reject);
      const chunk: unknown = body.read();
      if (!Buffer.isBuffer(chunk)) {
        resolve(Buffer.alloc(0));
        return;
      }
      body.unshift(chunk);
      resolve(chunk);
    });
  });
}
