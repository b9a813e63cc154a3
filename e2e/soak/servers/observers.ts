/** Subscribers of every server, and of one after the other: all must come to the state of a fresh query, at each server. */
import { query, subscribeSse, subscribeWs } from "../../harness/graphql.ts";
import { until } from "../../harness/until.ts";
import { type Follower, startFollower } from "../resume/follower.ts";
import { readPages } from "../resume/read-pages.ts";
import { differences } from "../resume/vm-state.ts";
import type { Cluster, Member } from "./cluster.ts";
import { evidenceOf } from "./evidence.ts";

export interface Observers {
  readonly followers: readonly Follower[];
  /** Waits until the API of every server tells what is true on the hosts, and every subscriber what the API tells. */
  converge(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

export function startObservers(cluster: Cluster): Observers {
  const { members, anyUrl } = cluster;
  const followers = [
    ...members.map(({ name, url }) => startFollower({ name, url, subscribe: subscribeWs, filter: {} })),
    startFollower({
      name: "those that run, by SSE",
      url: members[0]?.url ?? "",
      subscribe: subscribeSse,
      filter: running,
    }),
    startFollower({ name: "whichever server", url: anyUrl, subscribe: subscribeWs, filter: {}, pageSize: 500 }),
  ];
  return {
    followers,
    async converge() {
      for (const member of members) await untilTrue(member, cluster);
      for (const follower of followers) await untilSame(follower, cluster);
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(followers.map((follower) => follower.stop()));
    },
  };
}

const running = { powerStates: ["ON"] };

/** Nothing is lost, doubled or old: each VM of each host once, as it is there. */
async function untilTrue({ url, name: server }: Member, { simulator }: Cluster): Promise<void> {
  const line = (node: string, name: string, power: string): string => `${node} ${name} ${power}`;
  const truth = simulator.hosts
    .flatMap((host) => host.vms().map((vm) => line(host.name, vm.name, vm.power)))
    .toSorted();
  let told: readonly string[] = [];
  const isTrue = async (): Promise<boolean> => {
    const { nodes } = await query<{ nodes: { nodes: { status: string }[] } }>(url, "{ nodes { nodes { status } } }");
    const { vms } = await readPages(url, {}, 500);
    told = [...vms.values()].map((vm) => line(vm.node.name, vm.name, vm.powerState)).toSorted();
    return nodes.nodes.every(({ status }) => status === "ONLINE") && told.join("\n") === truth.join("\n");
  };
  await until(isTrue, { withinMs: 60_000 }).catch(() => {
    const missing = truth.filter((each) => !told.includes(each));
    const wrong = told.filter((each) => !truth.includes(each));
    const words = `lacks ${JSON.stringify(missing.slice(0, 5))}, tells ${JSON.stringify(wrong.slice(0, 5))}`;
    throw new Error(`${server} tells of ${told.length} VMs, there are ${truth.length}; it ${words}`);
  });
}

async function untilSame(follower: Follower, cluster: Cluster): Promise<void> {
  for (const { url, name } of cluster.members) {
    let found: readonly string[] = [];
    const same = async (): Promise<boolean> => {
      found = differences(follower.held, (await readPages(url, follower.filter, 500)).vms);
      return found.length === 0;
    };
    await until(same, { withinMs: 30_000 }).catch(async () => {
      const shown = found.slice(0, 5).join("\n");
      const id = /"id":"([^"]+)"/.exec(shown)?.[1] ?? "";
      throw new Error(
        `"${follower.name}" differs in ${found.length} VMs from a fresh query of ${name}:\n${shown}\n${await evidenceOf(id, cluster)}`,
      );
    });
  }
}
