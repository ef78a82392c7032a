/** One seed for everybody, so that a run says the same twice; FC_SEED tries another. */
export const SEED = Number(process.env["FC_SEED"] ?? 20_261_124);
