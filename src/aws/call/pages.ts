import { LatchkeyError } from "../../errors.ts";

/** One page of a list, and the token of the next page. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly next: string | undefined;
}

/** A page has at most 100 items. No AWS list is longer than this: a directory has at most 100,000 users. */
const MOST_PAGES = 2_000;
const MOST_ITEMS = 100 * MOST_PAGES;

/**
 * Yields each page as it arrives. An empty page in the middle is legal.
 * @throws LatchkeyError BAD_RESPONSE if the list would never end: a page token or a full page repeats, or there are too
 *   many pages or items.
 */
export async function* fetchPages<Item, More extends Page<Item>>(
  host: string,
  fetchPage: (token: string | undefined) => Promise<More>,
  mostPages = MOST_PAGES,
): AsyncGenerator<More> {
  const seen = new Set<string | undefined>();
  let items = 0;
  let token: string | undefined;
  let last = "";
  do {
    seen.add(token);
    const page = await fetchPage(token);
    const text = page.items.length === 0 ? "" : JSON.stringify(page.items);
    if (text !== "" && text === last) throw endlessError(`${host} gave the same page twice`);
    last = text;
    items += page.items.length;
    if (items > MOST_ITEMS) throw endlessError(`${host} listed over ${MOST_ITEMS} items`);
    yield page;
    token = page.next;
    if (token !== undefined && seen.has(token))
      throw endlessError(`${host} gave the same page twice`);
    if (token !== undefined && seen.size >= mostPages)
      throw endlessError(`${host} gave ${mostPages} pages and more to come`);
  } while (token !== undefined);
}

function endlessError(what: string): LatchkeyError {
  return new LatchkeyError("BAD_RESPONSE", `${what}: the list would never end.`, {
    hint: "Try again in a minute. A proxy or an AWS_ENDPOINT_URL… endpoint may be answering instead of AWS.",
  });
}
