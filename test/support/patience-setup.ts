import { vi } from "vitest";
import { patience } from "./patience.ts";

/** Before each file of tests, since the load of a machine changes while they run. Milliseconds on a quiet machine. */
const TIMEOUT = 60_000;

vi.setConfig({ testTimeout: patience(TIMEOUT), hookTimeout: patience(TIMEOUT) });
