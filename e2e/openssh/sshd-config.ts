/** An sshd_config with the algorithms of ESXi 8: no curve25519, AES only, no ed25519 user keys, no SHA-1 signatures. */

export interface SshdOptions {
  readonly folder: string;
  readonly port: number;
  readonly hostKeyPaths: readonly string[];
  readonly maxSessions: number;
  readonly extra: readonly string[];
}

export function sshdConfig({ folder, port, hostKeyPaths, maxSessions, extra }: SshdOptions): string {
  return [
    // The first value of a keyword counts.
    ...extra,
    `Port ${port}`,
    "ListenAddress 127.0.0.1",
    ...hostKeyPaths.map((path) => `HostKey ${path}`),
    "PidFile none",
    "LogLevel VERBOSE",
    "UsePAM no",
    "StrictModes no",
    "PermitRootLogin prohibit-password",
    "PasswordAuthentication no",
    "KbdInteractiveAuthentication no",
    `AuthorizedKeysFile ${folder}/authorized_keys`,
    "PubkeyAcceptedAlgorithms ecdsa-sha2-nistp256,ecdsa-sha2-nistp384,ecdsa-sha2-nistp521,rsa-sha2-256,rsa-sha2-512",
    "HostKeyAlgorithms ecdsa-sha2-nistp256,rsa-sha2-512,rsa-sha2-256",
    "KexAlgorithms ecdh-sha2-nistp256,ecdh-sha2-nistp384,ecdh-sha2-nistp521,diffie-hellman-group16-sha512,diffie-hellman-group18-sha512",
    "Ciphers aes256-gcm@openssh.com,aes128-gcm@openssh.com,aes256-ctr,aes192-ctr,aes128-ctr",
    "MACs hmac-sha2-256,hmac-sha2-512",
    `MaxSessions ${maxSessions}`,
    "MaxStartups 100",
    `ForceCommand ${folder}/forced-command`,
    "",
  ].join("\n");
}
