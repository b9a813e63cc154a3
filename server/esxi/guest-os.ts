/**
 * The two spellings of a guest operating system: `vim.vm.GuestOsDescriptor` calls it `ubuntu64Guest`, a .vmx file `ubuntu-64`.
 * They follow a rule but for a few.
 */
const irregular: ReadonlyMap<string, string> = new Map([
  ["otherGuest64", "other-64"],
  ["vmwarePhoton64Guest", "vmware-photon-64"],
  ["windows7Server64Guest", "windows7srv-64"],
  ["windows8Server64Guest", "windows8srv-64"],
  ["windows9Server64Guest", "windows9srv-64"],
  ["winLonghornGuest", "longhorn"],
  ["winLonghorn64Guest", "longhorn-64"],
]);

/** `guestOS` of a .vmx for a guest id. */
export function guestOsOf(guestId: string): string {
  const known = irregular.get(guestId);
  if (known !== undefined) return known;
  return guestId
    .replace(/Guest$/, "")
    .replace(/_?64$/, "-64")
    .replaceAll("_", "-")
    .toLowerCase();
}
