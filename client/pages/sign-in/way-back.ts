/** Where somebody wanted to go, of the address of the sign-in page: never to another server. Pure. */
export function wayBack(search: string, origin: string): string {
  const wanted = new URLSearchParams(search).get("to") ?? "";
  if (!URL.canParse(wanted, origin)) return "/vms";
  const url = new URL(wanted, origin);
  const isOurs = url.origin === origin && wanted.startsWith("/") && !url.pathname.startsWith("//");
  return isOurs && url.pathname !== "/sign-in" ? `${url.pathname}${url.search}${url.hash}` : "/vms";
}
