# Read before every command on the false host. Builtins of Debian's busybox that ESXi's shell lacks are hidden; what is
# an applet there and missing on ESXi has no link in /bin.
command() { echo 'ash: command: not found' >&2; return 127; }
umask() { echo 'ash: umask: not found' >&2; return 127; }

# A shell within the shell lacks them too. Nothing but the script itself is taken from stdin.
sh() {
  case $1 in
  -s) shift; { /bin/busybox cat /stub/prelude.sh -; } | /bin/busybox ash -s -- "$@" ;;
  -c) sh_script=". /stub/prelude.sh; $2"; shift 2; /bin/busybox ash -c "$sh_script" "$@" ;;
  *) /bin/busybox ash "$@" ;;
  esac
}
ash() { sh "$@"; }
. /stub/functions.sh
