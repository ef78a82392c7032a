/** A fixed seed, so that every run gives the same result. FC_SEED sets another one. */
export const SEED = Number(process.env["FC_SEED"] ?? 20_261_124);
