# Untried here: linted, but never built or run by us. docs/hosting.md says how it is meant to be used.

FROM python:3.12-slim AS build
WORKDIR /src
COPY pyproject.toml README.md LICENSE ./
COPY src ./src
RUN python -m venv /opt/smallwins \
    && /opt/smallwins/bin/pip install --no-cache-dir --disable-pip-version-check '.[host]'

FROM python:3.12-slim
# A fixed number, so that files outside can be given to it. The two folders are private, and so is a fresh volume there.
RUN useradd --uid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin smallwins \
    && install -d -o smallwins -g smallwins -m 0700 /data /keys
COPY --from=build /opt/smallwins /opt/smallwins
# No secret is in this image. The keys are made in /keys at the first start.
ENV PATH=/opt/smallwins/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    SMALLWINS_HOME=/data \
    SMALLWINS_KEYS=/keys \
    SMALLWINS_BIND=0.0.0.0 \
    SMALLWINS_PORT=8765
USER 10001:10001
WORKDIR /data
EXPOSE 8765
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8765/health', timeout=4)"]
ENTRYPOINT ["smallwins"]
CMD ["serve", "--host"]
