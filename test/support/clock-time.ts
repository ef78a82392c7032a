/**
 * Returns a pattern for an instant as the program prints it in this time zone: `18:04`, or with the date if it is not today.
 * Which of the two appears depends on the hour at which the test runs.
 */
export function clockTimePattern(instant: string | Date): string {
  const at = new Date(instant);
  const two = (value: number): string => String(value).padStart(2, "0");
  const date = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  const time = `${two(at.getHours())}:${two(at.getMinutes())}`;
  const isAlwaysAnotherDay = Math.abs(at.getTime() - Date.now()) > 86_400_000;
  return isAlwaysAnotherDay ? `${date} ${time}` : `(?:${date} )?${time}`;
}

/**
 * Returns a value of TZ for a zone in which it is between 12:00 and 13:00. The sign in its name is inverted: Etc/GMT-2 is
 * UTC+2.
 */
export function zoneAtNoon(): string {
  const hoursEast = 12 - new Date().getUTCHours();
  return `Etc/GMT${hoursEast > 0 ? "-" : "+"}${Math.abs(hoursEast)}`;
}
