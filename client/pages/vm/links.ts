/** Addresses that are made of what hosts and guests print. Pure: anything unexpected gives none. */

const hostName = /^(?=.{1,253}$)[a-z\d]([a-z\d-]{0,61}[a-z\d])?(\.[a-z\d]([a-z\d-]{0,61}[a-z\d])?)*\.?$/i;
const ipv4 = /^(\d{1,3})(\.\d{1,3}){3}$/;
const ipv6 = /^[\da-f:]*:[\da-f:]*(\d{1,3}(\.\d{1,3}){3})?$/i;

/** The VM in the host's own UI; undefined where the address is neither a plain host name nor an IP address. */
export function hostUiUrl(address: string, vmid: number): string | undefined {
  const isPlain = hostName.test(address) || ipv4.test(address);
  if (!isPlain && !ipv6.test(address)) return undefined;
  const base = `https://${isPlain ? address : `[${address}]`}/ui/`;
  if (!URL.canParse(base) || !Number.isSafeInteger(vmid)) return undefined;
  return `${new URL(base).href}#/host/vms/${vmid}`;
}

/** To be pasted into a shell, so nothing but an IP address and a plain name get into it. */
export function sshCommand(user: string, ipAddress: string | null): string | undefined {
  if (ipAddress === null || !(ipv4.test(ipAddress) || ipv6.test(ipAddress)) || !isUserName(user)) return undefined;
  return `ssh ${user}@${ipAddress}`;
}

export function isUserName(user: string): boolean {
  return /^[a-z_][a-z\d_.-]{0,31}$/i.test(user);
}
