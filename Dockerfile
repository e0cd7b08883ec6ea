# Debian's C library, like the tested builds: the settings that keep memory small are for its allocator.
FROM rust:1.89-bookworm AS build
WORKDIR /flaglake
COPY . .
RUN cargo build --profile dist --locked

FROM debian:bookworm-slim
LABEL org.opencontainers.image.title="flaglake" \
      org.opencontainers.image.description="LaunchDarkly data in SQL" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.source="https://github.com/flaglake/flaglake"
RUN install --directory --owner=65532 --group=65532 /data
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /flaglake/target/dist/flaglake /usr/local/bin/
USER 65532:65532
WORKDIR /data
VOLUME /data
# A run ends: its exit status tells whether it worked, and a check while it runs tells nothing.
HEALTHCHECK NONE
ENTRYPOINT ["/usr/local/bin/flaglake"]
CMD ["extract"]
