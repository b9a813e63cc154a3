/** awk functions that read the file in which hostd keeps what is registered. */

export const inventoryPath = "/etc/vmware/hostd/vmInventory.xml";

/**
 * `register(line)` fills `registered`: vmid → path of the .vmx. hostd gives each tag a line of its own; several on one
 * line are read as well. A path with a character reference (`&#…;`) is left out: who compares it finds no path, not a
 * wrong one.
 */
export const registerFunction = String.raw`function register(line,  piece, count, i) {
  count = split(line, piece, "<")
  for (i = 2; i <= count; i++) {
    if (index(piece[i], "objID>") == 1) id = substr(piece[i], 7)
    if (index(piece[i], "vmxCfgPath>") == 1) registered[id] = decoded(substr(piece[i], 12))
  }
}
function decoded(text) {
  if (index(text, "&#") > 0) return ""
  gsub(/&lt;/, "<", text); gsub(/&gt;/, ">", text); gsub(/&quot;/, "\"", text); gsub(/&apos;/, "\047", text)
  gsub(/&amp;/, "\\&", text)
  return text
}`;
