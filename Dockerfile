# syntax=docker/dockerfile:1

# The packages the server needs at run time; no compiler, no scripts of packages, no development tools.
FROM node:24-slim AS packages
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund \
  && npm cache clean --force

# What builds and simulates; nothing of it reaches the last stage but the built client.
FROM node:24-slim AS development
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund

FROM development AS client
COPY codegen.ts vite.config.ts schema.graphql ./
COPY scripts ./scripts
COPY client ./client
RUN npm run -s build

# False ESXi hosts, for `docker compose --profile demo`. They listen on loopback: share this container's network.
FROM development AS simulator
COPY simulator ./simulator
RUN install -d -o node -g node -m 0700 /simulated
USER node
HEALTHCHECK --interval=5s --timeout=5s --start-period=60s --retries=3 CMD ["test", "-s", "/simulated/hosts.yml"]
STOPSIGNAL SIGTERM
CMD ["node", "simulator/main.ts", "--hosts", "6", "--vms", "40", "--lively", \
  "--data-dir", "/simulated", "--hosts-yml", "/simulated/hosts.yml"]

FROM node:24-slim
ENV NODE_ENV=production \
    HOST=0.0.0.0 \
    PORT=4000 \
    DATA_DIR=/data \
    HOSTS_PATH=/config/hosts.yml
WORKDIR /app
COPY --from=packages /app/node_modules ./node_modules
COPY package.json schema.graphql LICENSE ./
COPY scripts/healthcheck.mjs ./scripts/
COPY docs/examples ./docs/examples
COPY server ./server
COPY --from=client /app/client/dist ./client/dist
RUN install -d -o node -g node -m 0700 /data \
  && install -d -m 0755 /config
USER node
VOLUME ["/data"]
EXPOSE 4000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 CMD ["node", "scripts/healthcheck.mjs"]
# The server takes SIGTERM itself and drains within 30 s: `docker stop --timeout 35`.
STOPSIGNAL SIGTERM
CMD ["node", "server/main.ts"]
