/** Returns the minutes in a text such as `10`, `0.5`, `2m` or (seconds) `30s`; undefined for any other text. */
export function parseMinutes(text: string): number | undefined {
  const [, number = "", unit = "m"] = /^(\d+(?:\.\d+)?|\.\d+)(s|m|min)?$/.exec(text) ?? [];
  const minutes = unit === "s" ? Number(number) / 60 : Number(number);
  return number !== "" && minutes > 0 ? minutes : undefined;
}
