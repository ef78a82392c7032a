/** `10`, `0.5` and `2m` are minutes, `30s` seconds. @returns undefined for what is none. */
export function parseMinutes(text: string): number | undefined {
  const [, number = "", unit = "m"] = /^(\d+(?:\.\d+)?|\.\d+)(s|m|min)?$/.exec(text) ?? [];
  const minutes = unit === "s" ? Number(number) / 60 : Number(number);
  return number !== "" && minutes > 0 ? minutes : undefined;
}
