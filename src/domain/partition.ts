/** The form of regions and start URLs. */

/** A region's form, not its existence: new regions appear, and other stores have their own names. */
export function isRegion(text: string): boolean {
  return text.length <= 32 && /^[a-z]{2,4}(-[a-z]+)+-\d{1,2}$/.test(text);
}

/** The region that a profile's clients use. Other stores have regions of their own (`auto`, `fr-par`), so any word of that shape will do. */
export function isClientRegion(text: string): boolean {
  return /^[A-Za-z0-9-]{1,64}$/.test(text);
}

/**
 * Whether `text` can be a start URL: https, a host, no blanks or control characters. It is never normalised: the
 * literal text is the name of the token's cache file in every AWS client.
 */
export function isStartUrl(text: string): boolean {
  if (text.length > 2048 || !/^[\x21-\x7e]+$/.test(text)) return false;
  const url = URL.parse(text);
  return url !== null && url.protocol === "https:" && url.hostname !== "" && url.username === "" && url.password === "";
}
