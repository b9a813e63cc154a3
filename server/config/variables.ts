/** Every environment variable there is. README.md's table is held against this list by a test. */

export const variables = {
  HOSTS_PATH: { usual: "./hosts.yml", about: "The file with your hosts." },
  CRAWLER_INTERVAL: { usual: "60", about: "Seconds between two looks at a host, 1 to 3600." },
  DASHBOARD_THRESHOLD_CPU: { usual: "5", about: "A VM with this many virtual CPUs or more is marked." },
  DASHBOARD_THRESHOLD_RAM_MB: { usual: "8192", about: "A VM with this much memory or more is marked, in MB." },
  DASHBOARD_THRESHOLD_STORAGE_GB: {
    usual: "50",
    about: "A VM with this much committed storage or more is marked, in decimal GB (10^9 bytes).",
  },
  HOST: { usual: "127.0.0.1", about: "The address to listen on. Beyond loopback ECOMAN_TOKEN is needed." },
  PORT: { usual: "4000", about: "The port to listen on; 0 takes a free one." },
  DATA_DIR: { usual: "./data", about: "The folder of the embedded database." },
  MONGO_URL: {
    usual: "",
    about:
      "Connection string of a MongoDB, mongodb:// or mongodb+srv://. Without it and MONGO_HOST the data live in DATA_DIR.",
  },
  MONGO_HOST: {
    usual: "",
    about: "The same in parts: a host, with port unless 27017, or members of a replica set, separated by commas.",
  },
  MONGO_USERNAME: { usual: "", about: "The account for MONGO_HOST. Unset: no authentication." },
  MONGO_PASSWORD: { usual: "", about: "Its password as it is, nothing escaped." },
  MONGO_DBNAME: { usual: "ecoman", about: "The database; of MONGO_URL the one in its path, where there is one." },
  LOG_LEVEL: { usual: "info", about: "debug, info, warn, error or silent." },
  ECOMAN_TOKEN: { usual: "", about: "The token that signs in: 20 to 200 characters (A-Z a-z 0-9 . _ ~ + / = -)." },
  ALLOWED_HOSTS: {
    usual: "",
    about:
      "Names under which browsers and clients reach the server besides loopback's, with port unless 80 or 443; separated by commas.",
  },
  TLS_CERT: { usual: "", about: "Path of the certificate chain (PEM). Together with TLS_KEY: serve HTTPS." },
  TLS_KEY: { usual: "", about: "Path of its private key (PEM, without passphrase)." },
} as const satisfies Record<string, { readonly usual: string; readonly about: string }>;

export type VariableName = keyof typeof variables;
export const variableNames = Object.keys(variables) as readonly VariableName[];
