# What the stubs share. They run in busybox ash inside the false host's root; /stub is their memory.

# One file per call: characters eaten from stdin, then name and arguments, each ended by NUL.
record() {
  call=/stub/calls/$$
  while [ -e "$call" ]; do call=$call.again; done
  eaten=0
  while IFS= read -r line; do eaten=$((eaten + ${#line} + 1)); done
  eaten=$((eaten + ${#line}))
  printf '%s\0' "$eaten" "$@" >"/stub/new.$$"
  /bin/busybox mv "/stub/new.$$" "$call"
}

# /stub/delay/NAME holds seconds; while /stub/hang/NAME exists the command does not go on.
pause() {
  if [ -e "/stub/delay/$1" ]; then /bin/busybox sleep "$(/bin/busybox cat "/stub/delay/$1")"; fi
  while [ -e "/stub/hang/$1" ]; do /bin/busybox sleep 0.1; done
}

# A scripted answer to exactly this call ends the stub.
answer() {
  for any in /stub/answers/*.rc; do [ -e "$any" ] || return 0; break; done
  key=/stub/answers/$(printf '%s' "$*" | /bin/busybox sed 's,/,_,g')
  [ -e "$key.rc" ] || return 0
  /bin/busybox cat "$key.err" >&2
  /bin/busybox cat "$key.out"
  exit "$(/bin/busybox cat "$key.rc")"
}
