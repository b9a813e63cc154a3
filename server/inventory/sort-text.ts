/** Text as people sort it, the same in every locale: ignoring case, numbers by value. */
import { isIPv4, isIPv6 } from "node:net";

/** Beyond this text is not compared, so that the cursors that carry it stay short. */
const comparedLength = 256;

/** For comparison only: one form for upper and lower case and for the ways to write a character. */
export function foldCase(text: string): string {
  return text.normalize("NFKC").toLowerCase();
}

/** A key whose plain `<` sorts `vm9` before `VM10`. */
export function naturalKey(text: string): string {
  return foldCase(text.slice(0, comparedLength)).replace(/\d+/g, (run) => {
    const digits = run.replace(/^0+(?=\d)/, "");
    // A longer number is a larger one; the leading 0 keeps numbers where digits sort.
    return `0${String.fromCharCode(0x30 + digits.length)}${digits}`;
  });
}

/** A key whose plain `<` sorts IPv4 addresses by value, then IPv6 ones by value, then anything else. */
export function addressKey(address: string): string {
  const bare = address.replace(/%.*$/, "");
  if (isIPv4(bare))
    return `4${bare
      .split(".")
      .map((part) => hex(Number(part), 2))
      .join("")}`;
  if (isIPv6(bare))
    return `6${ipv6Groups(bare)
      .map((group) => group.padStart(4, "0"))
      .join("")}`;
  return `t${naturalKey(address)}`;
}

/** Eight groups of hexadecimal digits. */
function ipv6Groups(address: string): string[] {
  // The URL standard writes every address in one form: hexadecimal groups, one `::` at most.
  const uniform = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const [head = "", tail] = uniform.split("::");
  const before = head.split(":").filter(Boolean);
  const after = (tail ?? "").split(":").filter(Boolean);
  return [...before, ...Array<string>(8 - before.length - after.length).fill("0"), ...after];
}

function hex(value: number, width: number): string {
  return value.toString(16).padStart(width, "0");
}
