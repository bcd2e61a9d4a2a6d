# Two stages: the build, and an image with the program and nothing else: no shell, no package manager,
# not root. The root file system can be mounted read-only; state is in the database.

FROM rust:1.95-slim-bookworm AS build
WORKDIR /src
# SQL is checked against the recorded schema: the build needs no database.
ENV SQLX_OFFLINE=true
COPY . .
# The caches live outside the image, so the program is copied out of them.
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/src/target \
    cargo build --locked --release --bin tenantry && cp target/release/tenantry /tenantry

FROM gcr.io/distroless/cc-debian12:nonroot
COPY --from=build /tenantry /usr/local/bin/tenantry
COPY LICENSE-MIT LICENSE-APACHE /usr/share/doc/tenantry/
# Inside a container the neighbour is the proxy, not this machine.
ENV HOST=0.0.0.0 PORT=3978
EXPOSE 3978
ENTRYPOINT ["/usr/local/bin/tenantry"]
CMD ["serve"]
