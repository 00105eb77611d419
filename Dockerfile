# syntax=docker/dockerfile:1.7
# docker build --target service -t orderloom .          the service
# docker build --target editor  -t orderloom-editor .   n8n with our nodes

FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY server/package.json server/
RUN npm install
COPY . .
RUN node_modules/.bin/tsc -p tsconfig.json && node_modules/.bin/tsc -p server/tsconfig.json && node_modules/.bin/gulp

FROM node:24-bookworm-slim AS service
ENV NODE_ENV=production DATA_FOLDER=/data
WORKDIR /app
# Labels and reports are printed by it.
RUN apt-get update && apt-get install -y --no-install-recommends chromium && rm -rf /var/lib/apt/lists/*
COPY package.json package-lock.json .npmrc ./
COPY server/package.json server/
RUN npm install --omit=dev --workspace server && npm cache clean --force && install -d -o node /data
COPY templates templates
COPY --from=build /app/server/dist server/dist
USER node
EXPOSE 3000
VOLUME /data
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s \
  CMD node -e "fetch('http://localhost:'+(process.env.PORT||3000)+'/readyz').then(r=>process.exit(r.ok?0:1),()=>process.exit(1))"
ENTRYPOINT ["node", "server/dist/main.js"]
CMD ["serve"]

FROM n8nio/n8n:2.40.7 AS editor
COPY --from=build --chown=node /app/package.json /opt/n8n-nodes-orderloom/package.json
COPY --from=build --chown=node /app/dist /opt/n8n-nodes-orderloom/dist
# n8n's folder is a volume that hides what an image puts there, so the link is made at each start.
COPY --chmod=755 <<'SCRIPT' /start-with-orderloom.sh
#!/bin/sh
nodes="$HOME/.n8n/nodes"
mkdir -p "$nodes/node_modules"
ln -sfn /opt/n8n-nodes-orderloom "$nodes/node_modules/n8n-nodes-orderloom"
[ -f "$nodes/package.json" ] || echo '{"name":"installed-nodes","private":true,"dependencies":{"n8n-nodes-orderloom":"*"}}' > "$nodes/package.json"
exec /docker-entrypoint.sh "$@"
SCRIPT
ENV N8N_UNVERIFIED_PACKAGES_ENABLED=true
ENTRYPOINT ["tini", "--", "/start-with-orderloom.sh"]
