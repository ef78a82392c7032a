import { vi } from "vitest";
import { patience } from "./patience.ts";

/** The timeout in milliseconds on a quiet machine. It is set before each test file, because the machine's load changes. */
const TIMEOUT = 60_000;

vi.setConfig({ testTimeout: patience(TIMEOUT), hookTimeout: patience(TIMEOUT) });
