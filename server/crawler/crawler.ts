/** Port of the crawler: when and what is observed. It writes what it sees to the store and to nobody else. */
import type { NodeConfig } from "../config.ts";
import type { VmRead } from "../esxi/driver.ts";
import type { NodeName } from "../model.ts";

export interface Crawler {
  /** Follows hosts.yml: new nodes are crawled at once, gone ones leave with their VMs, thresholds and labels are applied. */
  setNodes(configs: readonly NodeConfig[]): Promise<void>;
  /**
   * A complete scan of the node now, as a person asked for it (the one door through which a refused login is tried again).
   * Joins a scan that has not begun yet, never one under way.
   * @throws AppError NOT_FOUND, NODE_DISABLED, or why the scan failed
   */
  refresh(node: NodeName): Promise<void>;
  /** Takes readings of single VMs, whoever made them; resolves when they are committed. Unknown vmids are ignored. */
  observeVms(node: NodeName, reads: readonly VmRead[]): Promise<void>;
  /** Has every node been looked at since start (whatever came of it). */
  readonly isReady: boolean;
  /** Stops all polling; resolves when nothing is under way. */
  close(): Promise<void>;
}
