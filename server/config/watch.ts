import { type FSWatcher, watch as watchFolder } from "node:fs";
import { dirname } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { Config, NodeConfig } from "../config.ts";
import { ConfigError, type ConfigFault } from "./faults.ts";
import { freeze } from "./freeze.ts";
import { loadHostsText, parseHosts } from "./hosts.ts";
import type { Environment } from "./paths.ts";
import { defaultsOf } from "./read.ts";

export interface HostsWatch {
  /** The new list of nodes; also once, with the list in force, when a broken edit was mended back to it. */
  readonly onChange: (nodes: readonly NodeConfig[]) => void;
  /** The edit is broken: the nodes in force stay. Told once for the same faults. */
  readonly onFault: (faults: readonly ConfigFault[]) => void;
  readonly signal: AbortSignal;
  /** Where `password_env` and `passphrase_env` are looked up. Default: the process's environment. */
  readonly env?: Environment | undefined;
  /** The second net, for file systems that tell nothing. Default 5000. */
  readonly pollMs?: number | undefined;
}

/** An editor writes, renames and touches in one breath. */
const settleMs = 150;

/**
 * Reads hosts.yml again when it changes, until the signal is aborted. The folder is watched rather than the file, because
 * editors and Kubernetes replace files; a link into another folder is seen by the poll.
 */
export function watchHosts(config: Config, options: HostsWatch): void {
  const { onChange, onFault, signal, env = process.env, pollMs = 5000 } = options;
  if (signal.aborted) return;
  let nodes = config.nodes;
  let seenText: string | undefined;
  let faults: readonly ConfigFault[] = [];
  let watcher: FSWatcher | undefined;
  let settle: NodeJS.Timeout | undefined;
  let reading = false;

  async function look(): Promise<void> {
    try {
      const text = await loadHostsText(config.hostsPath);
      // While there are faults the text alone does not decide: a missing key file may have come.
      if (text === seenText && faults.length === 0) return;
      const hosts = await parseHosts(config.hostsPath, text, { env, defaults: defaultsOf(config) });
      seenText = text;
      const mended = faults.length > 0;
      faults = [];
      if (signal.aborted || (!mended && isDeepStrictEqual(hosts.nodes, nodes))) return;
      nodes = freeze([...hosts.nodes]);
      onChange(nodes);
    } catch (thrown) {
      if (!(thrown instanceof ConfigError)) throw thrown;
      if (signal.aborted || isDeepStrictEqual(thrown.faults, faults)) return;
      faults = thrown.faults;
      onFault(faults);
    }
  }

  async function tick(): Promise<void> {
    if (reading) return lookSoon();
    reading = true;
    watcher ??= openWatcher();
    await look().finally(() => {
      reading = false;
    });
  }

  function lookSoon(): void {
    clearTimeout(settle);
    if (!signal.aborted) settle = setTimeout(() => void tick(), settleMs).unref();
  }

  function openWatcher(): FSWatcher | undefined {
    try {
      const opened = watchFolder(dirname(config.hostsPath), { persistent: false }, lookSoon);
      opened.on("error", () => {
        opened.close();
        watcher = undefined;
      });
      return opened;
    } catch {
      return undefined;
    }
  }

  const poll = setInterval(() => void tick(), pollMs).unref();
  signal.addEventListener("abort", () => {
    clearInterval(poll);
    clearTimeout(settle);
    watcher?.close();
  });
  void tick();
}
