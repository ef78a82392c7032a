// One sample is one whole process. It counts only if its exit code and its output are what they should be.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";

/** @returns `{milliseconds, exitCode, stdout, stderr}` */
export function timed({ argv, env: more }, env) {
  const started = performance.now();
  const child = spawn(argv[0], argv.slice(1), {
    env: { ...env, ...more },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [stdout, stderr] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text) => (stderr += text));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (exitCode) =>
      resolve({ milliseconds: performance.now() - started, exitCode, stdout, stderr }),
    );
  });
}

/**
 * Takes the contestants in turn, a sample each, again and again: whatever else the machine does meets all of them alike.
 * @param contestants `{name, run}`; run() gives milliseconds, or throws where the sample is bad
 * @returns name → median in milliseconds, or the first thing that was wrong, as text
 */
export async function inTurns(contestants, { samples, warmUps }) {
  const times = new Map(contestants.map(({ name }) => [name, []]));
  const wrong = new Map();
  for (let round = -warmUps; round < samples; round += 1) {
    for (const { name, run } of contestants.filter((one) => !wrong.has(one.name))) {
      try {
        const milliseconds = await run();
        if (round >= 0) times.get(name).push(milliseconds);
      } catch (error) {
        wrong.set(name, error.message);
      }
    }
  }
  return new Map(contestants.map(({ name }) => [name, wrong.get(name) ?? median(times.get(name))]));
}

export function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** @throws where the process did not end well, or gave no credentials */
export function mustBeCredentials({ exitCode, stdout, stderr }, { credentialsFile }) {
  const keyId =
    credentialsFile === undefined
      ? parsed(stdout)?.AccessKeyId
      : existsSync(credentialsFile)
        ? /aws_access_key_id\s*=\s*(\S+)/.exec(readFileSync(credentialsFile, "utf8"))?.[1]
        : undefined;
  if (exitCode !== 0 || !/^ASIA[A-Z0-9]{16}$/.test(keyId ?? ""))
    throw new Error(`exit ${exitCode}, AccessKeyId ${keyId}: ${stderr.trim().split("\n").at(-1)}`);
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * @returns the largest resident size of the process and its children, in MB; undefined where there is no Python to ask
 *   the kernel with (GNU time is not everywhere)
 */
export function peakMegabytes({ argv, env: more }, env) {
  const ask =
    "import resource,subprocess,sys; c=subprocess.run(sys.argv[1:],stdout=subprocess.DEVNULL,stderr=subprocess.DEVNULL).returncode; print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss); sys.exit(c)";
  const { status, stdout } = spawnSync("/usr/bin/python3", ["-c", ask, ...argv], {
    env: { ...env, ...more },
    encoding: "utf8",
  });
  return status === 0 ? Number(stdout) / 1024 : undefined;
}
