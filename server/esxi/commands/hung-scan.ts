/**
 * A scan that meets a hanging hostd is given up, but its shell and its vim-cmd stay on the host: closing a channel ends no
 * process. So that they do not pile up there, a scan notes its process in /tmp while it waits for the lists, and as long as
 * that process waits the next ones ask hostd nothing.
 *
 * After an hour one asks again all the same: the noted number may have become another process's.
 */

const note = "/tmp/ecoman-scan";
/** Younger than that it may be a scan of another ECoMan. */
const hangsAfterSeconds = 10;
const askAgainSeconds = 3600;

/** `body` runs unless an earlier scan hangs; `instead` then. `body` calls `lists_came` when hostd has answered. */
export function unlessHung(body: readonly string[], instead: readonly string[]): readonly string[] {
  return [
    earlierScan,
    `if [ $age -ge ${hangsAfterSeconds} ] && [ $age -lt ${askAgainSeconds} ]; then`,
    `print_section hanging 0 "$age"`,
    ...instead,
    "else",
    `if [ $age -lt 0 ] || [ $age -ge ${askAgainSeconds} ]; then echo "$$ $(date +%s)" >${note}; fi`,
    ...body,
    "fi",
  ];
}

/** `age`: for how many seconds the process that is noted has been waiting; -1 where none is. */
const earlierScan = `age=-1
if [ -f ${note} ]; then
read -r pid since <${note}
case $pid$since in
'' | *[!0-9]*) ;;
*) if kill -0 "$pid" 2>/dev/null; then age=$(( $(date +%s) - since )); fi ;;
esac
fi
lists_came() { read -r pid since <${note}; if [ "$pid" = $$ ]; then rm -f ${note}; fi; }`;
