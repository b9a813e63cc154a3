/** `56 4d 36 cf 69 88 c9 1d-0f 5f a6 26 28 d4 65 53`: a uuid as a .vmx and esxcli write it. */
export function spacedUuid(uuid: string): string {
  const pairs = uuid.replaceAll("-", "").match(/../g) ?? [];
  return `${pairs.slice(0, 8).join(" ")}-${pairs.slice(8).join(" ")}`;
}
