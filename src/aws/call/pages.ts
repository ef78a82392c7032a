import { LatchkeyError } from "../../errors.ts";

/** No list of AWS's is longer; a service that goes on giving new page tokens would never end. */
const MOST_PAGES = 20_000;

/**
 * Every page as it comes; an empty one in the middle is legal.
 * @throws LatchkeyError BAD_RESPONSE where the list would never end: a page token that comes twice, or too many pages.
 */
export async function* fetchPages<Page>(
  host: string,
  fetchPage: (token: string | undefined) => Promise<Page>,
  findNextToken: (page: Page) => string | undefined,
): AsyncGenerator<Page> {
  const seen = new Set<string | undefined>();
  let token: string | undefined;
  do {
    seen.add(token);
    const page = await fetchPage(token);
    yield page;
    token = findNextToken(page);
    if (token !== undefined && (seen.has(token) || seen.size >= MOST_PAGES))
      throw new LatchkeyError(
        "BAD_RESPONSE",
        seen.has(token)
          ? `${host} gave the same page twice: the list would never end.`
          : `${host} gave ${MOST_PAGES} pages and more to come: no list is as long.`,
        { hint: "Try again in a minute." },
      );
  } while (token !== undefined);
}
