package io.aiproxy.upstream;

import io.aiproxy.call.*;
import io.aiproxy.config.*;
import java.time.Duration;

public final class Upstream implements Handler {
  public Upstream(
      Transports.Lease transport, Timeouts timeouts, Limits limits, Duration heartbeat) {}

  @Override
  public Reply handle(Call call) {
    throw new IllegalStateException();
  }
}
