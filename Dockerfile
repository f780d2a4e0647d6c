# Build, with the locked dependencies.
FROM rust:1.95-slim-bookworm AS build
# The allocator is made with it.
RUN apt-get update && apt-get install --yes --no-install-recommends make
WORKDIR /build
COPY .cargo ./.cargo
COPY Cargo.toml Cargo.lock ./
COPY src ./src
COPY benches ./benches
COPY examples ./examples
# The word lists are built in.
COPY data ./data
RUN cargo build --release --locked --bin kavak-bot

# Run: the binary and the files that it reads.
FROM debian:bookworm-slim
# The certificates are for reading public pages over https (`knowledge fetch`).
RUN apt-get update \
    && apt-get install --yes --no-install-recommends ca-certificates \
    && rm -rf /var/lib/apt/lists/*
RUN useradd --system --uid 10001 --home-dir /app --shell /usr/sbin/nologin kavak \
    && install -d -o kavak -g kavak /data
WORKDIR /app
COPY --from=build /build/target/release/kavak-bot /usr/local/bin/kavak-bot
COPY flows ./flows
COPY data ./data
COPY kavak_context.txt ./

# Others can reach this address: /chat asks for API_TOKEN and the webhook for TWILIO_AUTH_TOKEN.
ENV BIND=0.0.0.0:8000 \
    DATA_DIR=/data
USER kavak
VOLUME /data
EXPOSE 8000
# The store is written out when the server is told to stop; it needs up to ten seconds for that.
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s --retries=3 \
    CMD ["kavak-bot", "health"]
ENTRYPOINT ["kavak-bot"]
CMD ["serve"]
