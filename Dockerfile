# Builds from a clean checkout; see docs/guides/deploy.md.
FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY . .
RUN npm ci --no-audit --no-fund && npm run build && npm prune --omit=dev --no-audit --no-fund

FROM node:24-bookworm-slim
WORKDIR /app
COPY --from=build /app /app
# The embedded PostgreSQL refuses to run as root. With DATABASE_URL the volume stays empty.
RUN mkdir /data && chown node:node /data
USER node
VOLUME /data
ENV SLUICE_HOST=0.0.0.0 SLUICE_DATA_DIR=/data
EXPOSE 8400
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:8400/readyz').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
STOPSIGNAL SIGTERM
CMD ["node", "--max-semi-space-size=32", "bin/sluice.js", "start"]
