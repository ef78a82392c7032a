/**
 * A pattern for an instant as the program shows it in this zone: `18:04`, and with its date where that is not today.
 * Which of the two it is depends on the hour at which the test runs.
 */
export function clockTimePattern(instant: string | Date): string {
  const at = new Date(instant);
  const two = (value: number): string => String(value).padStart(2, "0");
  const date = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  const time = `${two(at.getHours())}:${two(at.getMinutes())}`;
  const isAlwaysAnotherDay = Math.abs(at.getTime() - Date.now()) > 86_400_000;
  return isAlwaysAnotherDay ? `${date} ${time}` : `(?:${date} )?${time}`;
}

/** A value of TZ: a zone in which it is noon, or up to an hour later. Its names count from west to east: Etc/GMT-2 is UTC+2. */
export function zoneAtNoon(): string {
  const hoursEast = 12 - new Date().getUTCHours();
  return `Etc/GMT${hoursEast > 0 ? "-" : "+"}${Math.abs(hoursEast)}`;
}
