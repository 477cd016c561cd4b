# The audit as a container: docker run --rm -v "$PWD:/plans" kpi-audit
FROM rust:1-slim-bookworm AS build
WORKDIR /src
COPY . .
# Not by packaging/build: an image for any processor is built here, also by emulation, where building twice would take hours.
RUN cargo build --locked --profile dist && cp target/dist/kpi-audit /kpi-audit

FROM debian:bookworm-slim
# For --since.
RUN apt-get update && apt-get install -y --no-install-recommends git && rm -rf /var/lib/apt/lists/*
COPY --from=build /kpi-audit /usr/local/bin/kpi-audit
WORKDIR /plans
# A mounted folder belongs to another user than the container's.
RUN git config --system --add safe.directory /plans
ENTRYPOINT ["kpi-audit"]
