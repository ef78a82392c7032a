/** jmespath 0.16 has no types of its own. */
declare module "jmespath" {
  /** @throws Error with a message about what is wrong in the expression, and where. */
  export function compile(expression: string): unknown;
  /** @throws Error as `compile` does, and if a function gets a value of a wrong type. */
  export function search(value: unknown, expression: string): unknown;
}
