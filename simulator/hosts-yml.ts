/** A hosts.yml for ECoMan that names the simulated hosts, their keys pinned. */
import type { SimulatedHost } from "./types.ts";

export function hostsYmlText(hosts: readonly SimulatedHost[], privateKeyPath: string): string {
  return hosts.map((host) => entry(host, privateKeyPath)).join("");
}

function entry(host: SimulatedHost, privateKeyPath: string): string {
  const list = (items: readonly string[]): string => items.map((item) => `\n    - ${quoted(item)}`).join("");
  const labels = host.labels.length === 0 ? "" : `  labels:${list(host.labels)}\n`;
  return (
    `${quoted(host.name)}:\n` +
    `  addr: ${quoted(host.address)}\n` +
    `  port: ${host.port}\n` +
    `  username: ${quoted(host.username)}\n` +
    `  identity_file_path: ${quoted(privateKeyPath)}\n` +
    `  datastore_path: "/vmfs/volumes/datastore1/"\n` +
    `  installer_iso_path: "/vmfs/volumes/datastore1/iso/debian-12.11.0-amd64-netinst.iso"\n` +
    `  network_port_group: "VM Network"\n` +
    `  host_key:${list(host.hostKeyFingerprints())}\n${labels}`
  );
}

/** JSON strings are YAML strings. */
function quoted(text: string): string {
  return JSON.stringify(text);
}
