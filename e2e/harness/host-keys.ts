/** Host keys in a hosts.yml that the simulator printed. */

/** One node's pins, or what stands in their place, replaced by `lines`. Throws where the node has none. */
export function withPins(hostsYml: string, name: string, lines: string): string {
  const entry = new RegExp(`^("${name}":\\n(?: .*\\n)*?)  (?:host_key|known_hosts_path):.*\\n(?:    - .*\\n)*`, "m");
  if (!entry.test(hostsYml)) throw new Error(`${name} has no host keys in ${hostsYml}`);
  return hostsYml.replace(entry, (_, head: string) => head + lines);
}
